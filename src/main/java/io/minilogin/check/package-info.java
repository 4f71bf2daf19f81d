/**
 * The endpoints for gateways and backends: forward auth ({@code /verify}), introspection,
 * revocation and the sessions of a user. {@code clients} says who may call them.
 */
@NullMarked
package io.minilogin.check;

import org.jspecify.annotations.NullMarked;
