/**
 * Asynchronous tools: single flight, limits on concurrent work, work on event loops, a throttle for
 * the log. Every package may use them; they know no feature.
 */
@NullMarked
package io.minilogin.async;

import org.jspecify.annotations.NullMarked;
