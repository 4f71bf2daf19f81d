/**
 * What gateways and backends ask: forward auth ({@code /verify}), introspection, revocation and the
 * sessions of a user. It also has the configured clients: who they are, what they may do and for
 * which apps. {@code api} asks it which client makes a call; the clients' secrets never leave this
 * package.
 */
@NullMarked
package io.minilogin.check;

import org.jspecify.annotations.NullMarked;
