/**
 * Benchmarks of the packaged service on one core, compared with the minimum that plain Vert.x needs
 * for such a request. {@code bench/run} starts them; {@code docs/performance.md} explains their
 * output. They are neither tests nor part of the service.
 */
package io.minilogin.bench;
