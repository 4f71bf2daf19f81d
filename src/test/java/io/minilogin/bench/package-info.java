/**
 * Measures requests to the packaged service on one core, beside the least that plain Vert.x needs
 * for such a request. {@code bench/run} starts it; {@code docs/performance.md} says how to read
 * what it prints. No test, and no part of the service.
 */
package io.minilogin.bench;
