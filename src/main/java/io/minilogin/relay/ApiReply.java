package io.minilogin.relay;

import io.minilogin.app.Secret;
import io.minilogin.problem.ProblemException;
import io.minilogin.wechat.ApiExchange;
import io.minilogin.wechat.Refusal;
import io.minilogin.wechat.WechatOutcome.Refused;
import io.minilogin.wechat.WechatRelay;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A reply of WeChat's API on its way to the caller. WeChat sends errors as JSON for all paths. A
 * reply that may be such an error is read first, up to {@value #LARGEST_ERROR} bytes. Other
 * replies, and the rest of a longer reply, are streamed by {@link ReplyWriter}.
 *
 * @param token the access token of the call
 * @param isRecord whether the body quotes an earlier call, which may contain secrets
 * @param beginning the part of the body that has been read
 * @param isWhole whether {@code beginning} is the whole body
 * @param error the error in the body, if any
 */
record ApiReply(
    ApiExchange exchange,
    Secret token,
    boolean isRecord,
    Buffer beginning,
    boolean isWhole,
    Optional<Refused<ApiReply>> error) {
  private static final int LARGEST_ERROR = 64 * 1024;

  private static final Pattern JSON = Pattern.compile("\uFEFF?\\s*+[\\[{]");

  private static final Pattern MEDIA =
      Pattern.compile(" *(image|audio|video)/", Pattern.CASE_INSENSITIVE);

  /**
   * The path of the call that returns WeChat's record of an earlier call.
   *
   * @see <a
   *     href="https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/openApi-mgnt/getRidInfo.html">getRidInfo</a>
   */
  private static final String RECORD = "/cgi-bin/openapi/rid/get";

  /** Thrown for a reply of WeChat that is too large to be forwarded. */
  static final class TooLargeException extends ProblemException {
    private static final long serialVersionUID = 1;

    TooLargeException() {
      super(Refusal.FAILED.problem());
    }
  }

  /**
   * Reads the part of the reply that may be an error, up to {@value #LARGEST_ERROR} bytes. Fails
   * only with a problem.
   */
  static Uni<ApiReply> read(ApiExchange exchange, Secret token, String path) {
    var begun =
        new ApiReply(
            exchange,
            token,
            path.toLowerCase(Locale.ROOT).equals(RECORD),
            Buffer.buffer(),
            false,
            Optional.empty());
    if (begun.length().filter(length -> length > WechatRelay.LARGEST_REPLY).isPresent()) {
      return Uni.createFrom().failure(new TooLargeException());
    }
    if (begun.isText() && begun.isCompressed()) {
      // Secrets in the body could not be masked.
      return Uni.createFrom().failure(failed());
    }
    return begun.isText()
        ? Uni.createFrom().emitter(emitter -> begun.collect(emitter))
        : Uni.createFrom().item(begun);
  }

  private void collect(UniEmitter<? super ApiReply> emitter) {
    var head = exchange.reply();
    head.handler(
            piece -> {
              beginning.appendBuffer(piece);
              if (beginning.length() > LARGEST_ERROR) {
                head.pause().handler(null);
                emitter.complete(this);
              }
            })
        .exceptionHandler(e -> emitter.fail(failed()))
        .endHandler(
            end ->
                emitter.complete(
                    new ApiReply(
                        exchange,
                        token,
                        isRecord,
                        beginning,
                        true,
                        WechatRelay.errorIn(beginning.getBytes()))))
        .resume();
  }

  boolean isRefused(Refusal refusal) {
    return error.filter(it -> it.isRefused(refusal)).isPresent();
  }

  /**
   * Whether the body can be JSON. WeChat sends JSON with several media types, so this is false only
   * for types that JSON never has.
   */
  boolean isText() {
    var types = exchange.reply().headers().getAll(HttpHeaders.CONTENT_TYPE);
    return types.isEmpty() || !types.stream().allMatch(type -> MEDIA.matcher(type).lookingAt());
  }

  /** Whether the body is JSON, judging by its beginning. A short body counts as JSON. */
  boolean isJson() {
    return isText() && (isWhole || JSON.matcher(beginning.toString()).lookingAt());
  }

  /** Whether the body is compressed, although the request does not allow it. */
  private boolean isCompressed() {
    return exchange.reply().headers().getAll(HttpHeaders.CONTENT_ENCODING).stream()
        .anyMatch(coding -> !coding.strip().equalsIgnoreCase("identity"));
  }

  /** Returns the Content-Length that WeChat sent, in bytes. */
  Optional<Long> length() {
    return Optional.ofNullable(exchange.reply().getHeader(HttpHeaders.CONTENT_LENGTH))
        .map(Long::valueOf);
  }

  static ProblemException failed() {
    return new ProblemException(Refusal.FAILED.problem());
  }

  @Override
  public String toString() {
    return "ApiReply";
  }
}
