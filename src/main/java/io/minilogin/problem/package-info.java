/**
 * The model of problems, as defined by RFC 9457. Every feature may raise a {@link
 * io.minilogin.problem.Problem}; {@code http} turns it into a response.
 */
@NullMarked
package io.minilogin.problem;

import org.jspecify.annotations.NullMarked;
