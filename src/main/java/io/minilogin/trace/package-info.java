/**
 * Spans of OpenTelemetry, off unless an operator wants them: what a request had done for it, how
 * long each took, and nothing of what it was about.
 */
@NullMarked
package io.minilogin.trace;

import org.jspecify.annotations.NullMarked;
