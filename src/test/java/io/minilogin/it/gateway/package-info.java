/**
 * Forward auth as described on the pages below {@code docs/gateways}: the tests take the
 * configuration from the page and run the real gateway with it between a client and a backend. The
 * gateway must fulfil the contracts of this package. A gateway that is not installed is skipped.
 * For gateways that cannot run here, the tests take the check request from the page and send it.
 */
package io.minilogin.it.gateway;
