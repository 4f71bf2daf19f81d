/**
 * HTTP around the features: the order of filters and routes, limits of requests, trace ids, JSON
 * rules, and the conversion of failures to responses. No feature imports it.
 */
package io.minilogin.http;
