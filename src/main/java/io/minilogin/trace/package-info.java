/**
 * OpenTelemetry spans, off by default: which calls a request caused and how long each took, but not
 * what the request was about.
 */
@NullMarked
package io.minilogin.trace;

import org.jspecify.annotations.NullMarked;
