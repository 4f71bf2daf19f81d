/**
 * Asynchronous tools: single flight, work on event loops, a throttle for the log. Every package may
 * use them; they know no feature.
 */
@NullMarked
package io.minilogin.async;

import org.jspecify.annotations.NullMarked;
