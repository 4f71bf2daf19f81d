/**
 * Sessions: their tokens, how they lie in Redis, who is behind a bearer token. Logins create them,
 * resources that need to know the user are marked {@link WithSession}. No token, openid or session
 * key is ever stored readably.
 */
@NullMarked
package io.minilogin.session;

import org.jspecify.annotations.NullMarked;
