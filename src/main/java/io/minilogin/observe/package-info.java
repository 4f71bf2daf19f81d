/**
 * Metrics, log lines and traces. Counts operations by outcome, which is {@code success} or the name
 * of the problem. Logs conditions that make requests fail once a minute, with the facts as fields.
 * Creates OpenTelemetry spans, which are off by default. Nothing here shows a user or a secret.
 */
@NullMarked
package io.minilogin.observe;

import org.jspecify.annotations.NullMarked;
