package io.minilogin.login;

import io.minilogin.session.SessionToken;
import io.minilogin.wechat.Refusal;
import io.minilogin.wechat.RefusedCall;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A login's answer as bytes: what it is (1), when it was given (8, epoch milliseconds), then of a
 * login, 'T', the random part of its token, the rest being in the session; of a refusal, 'R', the
 * text {@code refusal|errcode|rid}, with absent parts empty.
 */
sealed interface PackedAnswer {
  byte TOKEN = 'T';
  byte REFUSAL = 'R';

  /** When it was given. */
  Instant at();

  record Token(Instant at, SessionToken token) implements PackedAnswer {}

  record Refused(Instant at, RefusedCall why) implements PackedAnswer {}

  static byte[] pack(LoginOutcome outcome, Instant at) {
    if (outcome instanceof LoginOutcome.LoggedIn login) {
      return packed(TOKEN, at, login.token().bytes());
    }
    var why = ((LoginOutcome.Refused) outcome).why();
    var errcode = why.errcode().isPresent() ? String.valueOf(why.errcode().getAsInt()) : "";
    var text = why.refusal().name() + "|" + errcode + "|" + why.rid().orElse("");
    return packed(REFUSAL, at, text.getBytes(StandardCharsets.UTF_8));
  }

  static PackedAnswer unpack(byte[] packed) {
    var content = ByteBuffer.wrap(packed);
    var kind = content.get();
    var at = Instant.ofEpochMilli(content.getLong());
    if (kind == TOKEN) {
      var random = new byte[content.remaining()];
      content.get(random);
      return new Token(at, SessionToken.ofBytes(random));
    }
    var parts = StandardCharsets.UTF_8.decode(content).toString().split("\\|", -1);
    return new Refused(
        at,
        new RefusedCall(
            refusal(parts[0]),
            parts[1].isEmpty() ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(parts[1])),
            Optional.of(parts[2]).filter(rid -> !rid.isEmpty())));
  }

  /** A newer instance may know refusals that this one does not. */
  private static Refusal refusal(String name) {
    return Arrays.stream(Refusal.values())
        .filter(refusal -> refusal.name().equals(name))
        .findFirst()
        .orElse(Refusal.FAILED);
  }

  private static byte[] packed(byte kind, Instant at, byte[] content) {
    return ByteBuffer.allocate(9 + content.length)
        .put(kind)
        .putLong(at.toEpochMilli())
        .put(content)
        .array();
  }
}
