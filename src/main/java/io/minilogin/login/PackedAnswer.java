package io.minilogin.login;

import io.minilogin.session.SessionToken;
import io.minilogin.wechat.Refusal;
import io.minilogin.wechat.RefusedCall;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A login's answer as bytes. A login: 'T' and the random part of its token; the rest is in the
 * session. A refusal: 'R' and the text {@code refusal|errcode|rid}, with absent parts empty.
 */
sealed interface PackedAnswer {
  byte TOKEN = 'T';
  byte REFUSAL = 'R';

  record Token(SessionToken token) implements PackedAnswer {}

  record Refused(RefusedCall why) implements PackedAnswer {}

  static byte[] pack(LoginOutcome outcome) {
    if (outcome instanceof LoginOutcome.LoggedIn login) {
      return tagged(TOKEN, login.token().bytes());
    }
    var why = ((LoginOutcome.Refused) outcome).why();
    var errcode = why.errcode().isPresent() ? String.valueOf(why.errcode().getAsInt()) : "";
    var text = why.refusal().name() + "|" + errcode + "|" + why.rid().orElse("");
    return tagged(REFUSAL, text.getBytes(StandardCharsets.UTF_8));
  }

  static PackedAnswer unpack(byte[] packed) {
    var content = ByteBuffer.wrap(packed, 1, packed.length - 1).slice();
    if (packed[0] == TOKEN) {
      var random = new byte[content.remaining()];
      content.get(random);
      return new Token(SessionToken.ofBytes(random));
    }
    var parts = StandardCharsets.UTF_8.decode(content).toString().split("\\|", -1);
    return new Refused(
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

  private static byte[] tagged(byte tag, byte[] content) {
    return ByteBuffer.allocate(1 + content.length).put(tag).put(content).array();
  }
}
