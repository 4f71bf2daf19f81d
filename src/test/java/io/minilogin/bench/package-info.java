/**
 * Benchmarks of the packaged service on one core, compared with the minimum that plain Vert.x needs
 * for such a request. {@code bench/run} starts them; {@code bench/results} explains their output
 * and has the recorded runs. They are neither tests nor part of the service.
 */
package io.minilogin.bench;
