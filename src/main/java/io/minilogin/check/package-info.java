/**
 * The endpoints for gateways and backends: forward auth ({@code /verify}), introspection and
 * revocation. {@code clients} decides who may call introspection and revocation.
 */
@NullMarked
package io.minilogin.check;

import org.jspecify.annotations.NullMarked;
