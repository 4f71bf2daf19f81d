package io.minilogin.session;

import java.time.Instant;
import java.time.LocalDate;

/**
 * One of a user's sessions, as others may see it.
 *
 * @param id opaque, and no token: nothing can be done with it
 * @param lastUsed the day of the latest use, UTC
 */
public record UserSession(String id, Instant createdAt, LocalDate lastUsed) {}
