/**
 * Counts what operations led to, in one way for all: outcome {@code success}, or the name of the
 * problem.
 */
@NullMarked
package io.minilogin.metrics;

import org.jspecify.annotations.NullMarked;
