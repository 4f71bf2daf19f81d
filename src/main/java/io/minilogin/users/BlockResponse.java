package io.minilogin.users;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.minilogin.session.Block;
import java.time.Instant;
import java.util.Optional;

/**
 * The block of a user.
 *
 * @param since Unix seconds
 * @param until Unix seconds; absent if the block has no end
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
record BlockResponse(Optional<Long> since, Optional<Long> until, Optional<String> reason) {
  static BlockResponse of(Block block) {
    return new BlockResponse(
        block.since().map(Instant::getEpochSecond),
        block.until().map(Instant::getEpochSecond),
        block.reason());
  }

  @Override
  public String toString() {
    return "BlockResponse";
  }
}
