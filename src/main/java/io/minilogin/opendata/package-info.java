/**
 * Further calls for a logged-in user: decrypting open data from the client API, the phone number,
 * and checking or resetting the session key. The session key never leaves the service. Decrypted
 * data are returned and not stored, except for the unionid.
 */
@NullMarked
package io.minilogin.opendata;

import org.jspecify.annotations.NullMarked;
