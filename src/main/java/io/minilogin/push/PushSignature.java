package io.minilogin.push;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.minilogin.app.Secret;
import io.quarkus.runtime.util.HashUtil;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The signature of the message push: SHA-1 of the token and other texts, sorted and concatenated,
 * in hexadecimal.
 *
 * @see <a
 *     href="https://developers.weixin.qq.com/miniprogram/dev/framework/server-ability/message-push.html">WeChat's
 *     description</a>
 */
final class PushSignature {
  private PushSignature() {}

  static String of(Secret token, String... texts) {
    var sorted =
        Stream.concat(Stream.of(token.reveal()), Stream.of(texts))
            .sorted()
            .collect(Collectors.joining());
    return HashUtil.sha1(sorted);
  }

  /** Returns the token with which the texts have this signature. Compares in constant time. */
  static Optional<Secret> token(List<Secret> tokens, String signature, String... texts) {
    return tokens.stream()
        .filter(
            token ->
                MessageDigest.isEqual(of(token, texts).getBytes(UTF_8), signature.getBytes(UTF_8)))
        .findFirst();
  }
}
