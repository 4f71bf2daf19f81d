/**
 * Signatures for backends: under a user's session key, and under an app's payment keys. Neither key
 * leaves the service. Callers check first that the client has the permission {@code sign}.
 */
@NullMarked
package io.minilogin.signing;

import org.jspecify.annotations.NullMarked;
