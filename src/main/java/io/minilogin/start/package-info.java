/**
 * The start of the process: main, the checks that refuse a start, the injected clock and random
 * source. No other package uses this package, and it calls no feature.
 */
package io.minilogin.start;
