package io.minilogin.login;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.minilogin.login.RedisCodes.State;
import io.minilogin.session.SessionToken;
import io.minilogin.wechat.Refusal;
import io.minilogin.wechat.WechatOutcome;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Packs the answer to a login into bytes: the kind (1 byte), the time (8 bytes, epoch
 * milliseconds), then the content. A login, kind 'T', has the random part of its token; the session
 * has the rest. A refusal, kind 'R', has its id (1 byte), 1 if there is an errcode (1 byte), the
 * errcode (4 bytes), and the rid, if there is one. A block, kind 'B', has its end (8 bytes, epoch
 * milliseconds; 0 for no end).
 */
final class PackedAnswer {
  private static final byte TOKEN = 'T';
  private static final byte REFUSAL = 'R';
  private static final byte BLOCK = 'B';
  private static final int HEAD_BYTES = 9;

  private PackedAnswer() {}

  static byte[] pack(LoginOutcome outcome, Instant at) {
    if (outcome instanceof LoginOutcome.Refused refused) {
      return pack(refused.why(), at);
    }
    return outcome instanceof LoginOutcome.Blocked block
        ? pack(block, at)
        : pack(outcome.orThrow(), at);
  }

  private static byte[] pack(LoginOutcome.LoggedIn login, Instant at) {
    var random = login.token().bytes();
    return head(TOKEN, at, random.length).put(random).array();
  }

  private static byte[] pack(LoginOutcome.Blocked block, Instant at) {
    return head(BLOCK, at, Long.BYTES)
        .putLong(block.until().map(Instant::toEpochMilli).orElse(0L))
        .array();
  }

  private static byte[] pack(WechatOutcome.Refused<?> why, Instant at) {
    var rid = why.rid().orElse("").getBytes(UTF_8);
    return head(REFUSAL, at, 6 + rid.length)
        .put((byte) why.refusal().id())
        .put((byte) (why.errcode().isPresent() ? 1 : 0))
        .putInt(why.errcode().orElse(0))
        .put(rid)
        .array();
  }

  /** Returns the answer; SPENT if it is not newer than {@code since}. */
  static State unpack(byte[] packed, Instant since) {
    var content = ByteBuffer.wrap(packed);
    var kind = content.get();
    if (!Instant.ofEpochMilli(content.getLong()).isAfter(since)) {
      return State.Answered.SPENT;
    }
    if (kind == TOKEN) {
      var random = new byte[content.remaining()];
      content.get(random);
      return new State.LoggedIn(SessionToken.ofBytes(random));
    }
    if (kind == BLOCK) {
      var end = Optional.of(content.getLong()).filter(millis -> millis != 0);
      return new State.Answered(new LoginOutcome.Blocked(end.map(Instant::ofEpochMilli)));
    }
    var refusal = Refusal.ofId(content.get());
    var hasErrcode = content.get() == 1;
    var errcode = content.getInt();
    var rid = UTF_8.decode(content).toString();
    return new State.Answered(
        new LoginOutcome.Refused(
            new WechatOutcome.Refused<>(
                refusal,
                hasErrcode ? OptionalInt.of(errcode) : OptionalInt.empty(),
                Optional.of(rid).filter(id -> !id.isEmpty()))));
  }

  private static ByteBuffer head(byte kind, Instant at, int contentBytes) {
    return ByteBuffer.allocate(HEAD_BYTES + contentBytes).put(kind).putLong(at.toEpochMilli());
  }
}
