/**
 * The cryptography that makes it unnecessary to trust Redis: keys derived from the app secrets,
 * sealed values, hashes. Depends only on the apps; knows neither Redis nor HTTP.
 */
@NullMarked
package io.minilogin.seal;

import org.jspecify.annotations.NullMarked;
