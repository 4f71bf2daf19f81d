/**
 * Counts what operations led to, in one way for all: outcome {@code success}, or the name of the
 * problem.
 */
package io.minilogin.metrics;
