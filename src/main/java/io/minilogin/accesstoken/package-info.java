/**
 * The access token of each app, which WeChat requires for every call except the login. All
 * instances share one token, which is sealed in Redis and requested from WeChat when it is needed.
 * Features pass the call that they want to make and never deal with refreshes. Logins do not use
 * this package.
 */
@NullMarked
package io.minilogin.accesstoken;

import org.jspecify.annotations.NullMarked;
