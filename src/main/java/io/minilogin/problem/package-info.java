/**
 * The model of what goes wrong, as RFC 9457 tells it. Every feature may raise a {@link
 * io.minilogin.problem.Problem}; {@code http} turns it into an answer.
 */
@NullMarked
package io.minilogin.problem;

import org.jspecify.annotations.NullMarked;
