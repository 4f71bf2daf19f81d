/**
 * HTTP around the features: the order in which a request passes filters and routes, limits of
 * requests, trace ids, JSON rules, and the way from a failure to an answer. No feature imports it.
 */
package io.minilogin.http;
