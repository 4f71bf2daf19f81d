package io.minilogin.push;

import static io.minilogin.problem.RequiredField.invalid;

import io.minilogin.app.PushKeys;
import io.minilogin.app.Secret;
import io.minilogin.push.PushCipher.Decrypted;
import io.minilogin.settings.Setting;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Verifies and decrypts requests from WeChat.
 *
 * <p>With a key, only encrypted events are accepted. The signature of a plain event covers the
 * token, the timestamp and the nonce, but not the body, so anyone who has seen the URL of a request
 * could send any event to this URL. In WeChat's compatible mode, a message has its fields in plain
 * text beside {@code Encrypt}; only {@code Encrypt} is read.
 */
@Startup
@Singleton
class EventReader {
  private final Duration maxAge;
  private final SecureRandom random;
  private final Clock clock;

  EventReader(PushSettings settings, SecureRandom random, Clock clock) {
    maxAge = Setting.between("push.max-age", settings.maxAge(), Duration.ZERO, Duration.ofDays(1));
    this.random = random;
    this.clock = clock;
  }

  /**
   * Returns the text with which the console checks the URL. The check has no age limit.
   *
   * @throws io.minilogin.problem.ProblemException 403 if the signature is missing or wrong, 400 if
   *     the text is missing
   */
  String echo(PushKeys keys, PushQuery query) {
    requireSignature(keys, query.signature(), query);
    return query.echostr().orElseThrow(() -> invalid("The parameter \"echostr\" is missing."));
  }

  /**
   * Returns the event in a request.
   *
   * @throws io.minilogin.problem.ProblemException 403 if the request is rejected, 400 if the event
   *     is malformed
   */
  PushEvent read(String appid, PushKeys keys, PushQuery query, byte[] body) {
    var event =
        keys.aesKeys().isEmpty()
            ? plain(appid, keys, query, body)
            : encrypted(appid, keys, query, body);
    if (event.message().field("AppID").filter(named -> !named.equals(appid)).isPresent()) {
      throw Rejection.APPID.exception();
    }
    return event;
  }

  private PushEvent plain(String appid, PushKeys keys, PushQuery query, byte[] body) {
    requireSignature(keys, query.signature(), query);
    requireAge(query);
    var message = message(body);
    if (message.field("Event").or(() -> message.field("MsgType")).isEmpty()
        && message.field("Encrypt").isPresent()) {
      throw Rejection.ENCRYPTION.exception();
    }
    return PushEvent.of(appid, message, body, message.format(), Optional.empty());
  }

  private PushEvent encrypted(String appid, PushKeys keys, PushQuery query, byte[] body) {
    if (query.msgSignature().isEmpty()) {
      throw Rejection.ENCRYPTION.exception();
    }
    var envelope = message(body);
    var encrypted = envelope.field("Encrypt").orElseThrow(Rejection.ENCRYPTION::exception);
    var token = requireSignature(keys, query.msgSignature(), query, encrypted);
    requireAge(query);
    var opened = keys.aesKeys().stream().flatMap(key -> opened(key, token, encrypted)).toList();
    var event =
        opened.stream()
            .filter(each -> each.content.appid().equals(appid))
            .findFirst()
            .orElseThrow(
                () ->
                    opened.isEmpty()
                        ? invalid("\"Encrypt\" cannot be decrypted with push-aes-key.")
                        : Rejection.APPID.exception());
    var content = event.content.message();
    return PushEvent.of(
        appid, message(content), content, envelope.format(), Optional.of(event.sealing));
  }

  private record Opened(Decrypted content, ReplySealing sealing) {}

  private Stream<Opened> opened(Secret key, Secret token, String encrypted) {
    var cipher = new PushCipher(key);
    return cipher
        .decrypt(encrypted)
        .map(content -> new Opened(content, new ReplySealing(token, cipher, random, clock)))
        .stream();
  }

  /** Returns the token of the signature, which covers the timestamp, the nonce and these texts. */
  private static Secret requireSignature(
      PushKeys keys, Optional<String> signature, PushQuery query, String... more) {
    if (signature.isEmpty() || query.timestamp().isEmpty() || query.nonce().isEmpty()) {
      throw Rejection.SIGNATURE.exception();
    }
    var texts =
        Stream.concat(Stream.of(query.timestamp().get(), query.nonce().get()), Stream.of(more));
    return PushSignature.token(keys.tokens(), signature.get(), texts.toArray(String[]::new))
        .orElseThrow(Rejection.SIGNATURE::exception);
  }

  private void requireAge(PushQuery query) {
    if (maxAge.isZero()) {
      return;
    }
    var age = Math.abs(clock.instant().getEpochSecond() - seconds(query.timestamp().orElseThrow()));
    if (age > maxAge.toSeconds()) {
      throw Rejection.AGE.exception();
    }
  }

  private static long seconds(String timestamp) {
    try {
      return Integer.toUnsignedLong(Integer.parseUnsignedInt(timestamp));
    } catch (NumberFormatException e) {
      throw Rejection.AGE.exception();
    }
  }

  private static PushMessage message(byte[] bytes) {
    return PushMessage.read(bytes)
        .orElseThrow(() -> invalid("The message is not valid JSON or XML."));
  }
}
