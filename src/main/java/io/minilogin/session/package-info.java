/**
 * Sessions: their tokens, their storage in Redis, and the user behind a bearer token. Logins create
 * sessions; resources that need the user are marked with {@link WithSession}. Tokens, openids and
 * session keys are never stored in plain text.
 */
@NullMarked
package io.minilogin.session;

import org.jspecify.annotations.NullMarked;
