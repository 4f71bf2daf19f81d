/**
 * The configured clients, which are gateways and backends: who calls an endpoint for clients, what
 * it may call, and for which apps. The clients' secrets never leave this package.
 */
@NullMarked
package io.minilogin.clients;

import org.jspecify.annotations.NullMarked;
