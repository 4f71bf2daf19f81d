package io.minilogin.session;

import java.time.Instant;
import java.util.Optional;

/**
 * A block of a user in an app. The user cannot log in until it ends.
 *
 * @param since whole seconds; empty if the sealed details cannot be unsealed
 * @param until empty if the block has no end
 * @param reason the client's text; empty if it is missing or cannot be unsealed
 */
public record Block(Optional<Instant> since, Optional<Instant> until, Optional<String> reason) {
  @Override
  public String toString() {
    return "Block";
  }
}
