/**
 * The endpoints for gateways and backends: forward auth ({@code /verify}), introspection and
 * revocation. {@code clients} says who may call them.
 */
@NullMarked
package io.minilogin.check;

import org.jspecify.annotations.NullMarked;
