package io.minilogin.dev;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;

/**
 * Builds the requests of WeChat's message push, and reads the replies. Sends nothing itself.
 *
 * <pre>{@code
 * var sender = new PushSender(appid, token, Optional.of(encodingAesKey), Clock.systemUTC());
 * var push = sender.push(Mode.SAFE, Format.JSON, sender.event("user_authorization_revoke", openid));
 * // POST push.body() with push.contentType() to push.target("/push/" + appid)
 * }</pre>
 */
public final class PushSender {
  /** Whether a message is sent in clear, encrypted, or both. */
  public enum Mode {
    PLAIN,
    SAFE,
    MIXED
  }

  /** The format of a message. */
  public enum Format {
    JSON("application/json"),
    XML("text/xml");

    private final String contentType;

    Format(String contentType) {
      this.contentType = contentType;
    }
  }

  /**
   * A request, or with an empty body the check of the URL.
   *
   * @param query decoded, in the order of WeChat
   */
  public record Push(Map<String, String> query, String contentType, String body) {
    /** Returns the target of the request. */
    public String target(String path) {
      return query.entrySet().stream()
          .map(each -> each.getKey() + "=" + URLEncoder.encode(each.getValue(), UTF_8))
          .collect(Collectors.joining("&", path + "?", ""));
    }

    /** Returns the same request with another value of a parameter; without it if it is empty. */
    public Push with(String parameter, String value) {
      var changed = new LinkedHashMap<>(query);
      changed.put(parameter, value);
      changed.values().removeIf(String::isEmpty);
      return new Push(changed, contentType, body);
    }

    /** Returns the same request with another body. */
    public Push withBody(String changed) {
      return new Push(query, contentType, changed);
    }
  }

  private final String token;
  private final Optional<PushCipher> cipher;
  private final Clock clock;

  /**
   * @param encodingAesKey 43 characters; empty in plain mode
   * @param clock dates the requests and events
   * @throws IllegalArgumentException if the key is malformed
   */
  public PushSender(String appid, String token, Optional<String> encodingAesKey, Clock clock) {
    this.token = token;
    this.cipher = encodingAesKey.map(key -> new PushCipher(appid, key));
    this.clock = clock;
  }

  /** Returns the GET request that the console sends when an operator enters the URL. */
  public Push check(String echostr) {
    return new Push(signed(), "", "").with("echostr", echostr);
  }

  /** Returns an event with the fields that all events have. */
  public ObjectNode event(String name, String openid) {
    return Json.object()
        .put("ToUserName", "gh_0123456789ab")
        .put("FromUserName", openid)
        .put("CreateTime", clock.instant().getEpochSecond())
        .put("MsgType", "event")
        .put("Event", name);
  }

  /** Returns the request with an event. */
  public Push push(Mode mode, Format format, ObjectNode event) {
    var message = format == Format.JSON ? event.toString() : PushMessage.xml(event);
    var openid = Json.text(event, "FromUserName");
    return push(mode, message).with("openid", openid);
  }

  /**
   * Returns the request with a message.
   *
   * @param message JSON or XML, sent as it is
   * @throws IllegalStateException if the mode needs a key and the sender has no key
   */
  public Push push(Mode mode, String message) {
    var format = message.startsWith("<") ? Format.XML : Format.JSON;
    if (mode == Mode.PLAIN) {
      return new Push(signed(), format.contentType, message);
    }
    var encrypted = encrypt(message);
    var envelope =
        mode == Mode.MIXED
            ? PushMessage.read(message)
            : Json.object().put("ToUserName", "gh_0123456789ab");
    envelope.put("Encrypt", encrypted);
    var body = format == Format.JSON ? envelope.toString() : PushMessage.xml(envelope);
    var query = signed();
    query.put("encrypt_type", "aes");
    query.put(
        "msg_signature", signature(token, query.get("timestamp"), query.get("nonce"), encrypted));
    return new Push(query, format.contentType, body);
  }

  /** Encrypts a message, for a request that a test builds itself. */
  public String encrypt(String message) {
    var random = new byte[16];
    ThreadLocalRandom.current().nextBytes(random); // not a real secret
    return cipher.orElseThrow(() -> new IllegalStateException("no key")).encrypt(random, message);
  }

  /**
   * Returns the plaintext of an encrypted reply in either format.
   *
   * @throws IllegalArgumentException if the reply is malformed, or not signed and encrypted for
   *     this app
   */
  public String decrypt(String reply) {
    var envelope = PushMessage.read(reply);
    var encrypted = Json.text(envelope, "Encrypt");
    var timestamp = envelope.path("TimeStamp").asText();
    var nonce = envelope.path("Nonce").asText();
    if (!signature(token, timestamp, nonce, encrypted)
        .equals(Json.text(envelope, "MsgSignature"))) {
      throw new IllegalArgumentException("wrong MsgSignature");
    }
    return cipher.orElseThrow(() -> new IllegalStateException("no key")).decrypt(encrypted);
  }

  /** Returns the lower-case hex of SHA-1 over the sorted and concatenated parts. */
  public static String signature(String... parts) {
    var sorted = parts.clone();
    Arrays.sort(sorted);
    try {
      var hash = MessageDigest.getInstance("SHA-1").digest(String.join("", sorted).getBytes(UTF_8));
      return HexFormat.of().formatHex(hash);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has SHA-1", e);
    }
  }

  private Map<String, String> signed() {
    var timestamp = Long.toString(clock.instant().getEpochSecond());
    var nonce = Long.toString(ThreadLocalRandom.current().nextLong(1_000_000_000L));
    var query = new LinkedHashMap<String, String>();
    query.put("signature", signature(token, timestamp, nonce));
    query.put("timestamp", timestamp);
    query.put("nonce", nonce);
    return query;
  }
}
