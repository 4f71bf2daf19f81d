/**
 * Sessions: their tokens, how they lie in Redis, who is behind a bearer token. Logins open them,
 * everything that needs to know the user goes through the bearer mechanism here. No token, openid
 * or session key is ever stored readably.
 */
@NullMarked
package io.minilogin.session;

import org.jspecify.annotations.NullMarked;
