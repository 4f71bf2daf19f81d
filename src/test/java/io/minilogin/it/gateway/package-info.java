/**
 * Forward auth as the pages below {@code docs/gateways} describe it: the configuration is taken out
 * of the page, the real gateway runs with it between a client and a backend, and must keep what the
 * contracts here say. A gateway that is not installed is skipped. Of those that cannot run here the
 * question is taken out of the page and asked.
 */
package io.minilogin.it.gateway;
