/**
 * Counts operations by outcome, which is {@code success} or the name of the problem for all of
 * them.
 */
@NullMarked
package io.minilogin.metrics;

import org.jspecify.annotations.NullMarked;
