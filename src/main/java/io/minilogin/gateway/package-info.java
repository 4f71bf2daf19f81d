/**
 * The gateways and backends that may ask about other people's tokens: who they are. Nobody else
 * needs to know them, and their secrets never leave this package.
 */
package io.minilogin.gateway;
