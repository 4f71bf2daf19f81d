/**
 * What gateways and backends ask: who is behind a request or a token, and to end sessions. Those
 * who may ask about other people's tokens are configured clients; nobody else needs to know them,
 * and their secrets never leave this package.
 */
@NullMarked
package io.minilogin.check;

import org.jspecify.annotations.NullMarked;
