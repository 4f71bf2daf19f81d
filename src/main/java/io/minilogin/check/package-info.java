/**
 * The endpoints for gateways and backends: forward auth ({@code /verify}), introspection,
 * revocation and the sessions of a user. The package also has the configured clients, their
 * permissions and their apps. {@code api} asks it which client makes a call; the clients' secrets
 * never leave this package.
 */
@NullMarked
package io.minilogin.check;

import org.jspecify.annotations.NullMarked;
