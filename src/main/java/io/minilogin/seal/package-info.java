/**
 * The cryptography that keeps Redis from having to be trusted: keys derived from the app secrets,
 * sealed values, keyed names. Knows neither Redis nor HTTP, and nothing but the apps.
 */
@NullMarked
package io.minilogin.seal;

import org.jspecify.annotations.NullMarked;
