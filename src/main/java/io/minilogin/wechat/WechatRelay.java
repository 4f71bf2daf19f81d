package io.minilogin.wechat;

import com.fasterxml.jackson.databind.ObjectReader;
import io.minilogin.app.Secret;
import io.minilogin.app.WechatApp;
import io.minilogin.observe.Outcomes;
import io.minilogin.problem.ProblemException;
import io.minilogin.wechat.WechatOutcome.Refused;
import io.quarkus.runtime.Startup;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.Optional;

/**
 * Sends calls of WeChat's API on behalf of backends, with any method and path. Bodies are streamed
 * and unchanged in both directions.
 *
 * <p>No exception of the HTTP client leaves this class, because it quotes the URL with the access
 * token. A call is sent at most once.
 */
@Startup
@Singleton
public class WechatRelay {
  /** Size limit of a reply, in bytes. */
  public static final int LARGEST_REPLY = 64 * 1024 * 1024;

  /** The name of these calls in metrics and the log. */
  public static final String CALLS = "api";

  private static final ObjectReader REPLY = LenientJson.mapper().readerFor(CheckSessionReply.class);

  private final WechatHttp http;
  private final WechatTelemetry telemetry;

  WechatRelay(WechatHttp http, WechatTelemetry telemetry) {
    this.http = http;
    this.telemetry = telemetry;
  }

  /**
   * Sends the call with this access token. Emits the exchange when the head of WeChat's reply
   * arrives. Fails only with a {@link ProblemException}. Cancelling the subscription before that
   * ends the exchange; afterwards the subscriber must end it.
   */
  public Uni<ApiExchange> send(WechatApp app, ApiRequest call, Secret accessToken) {
    return telemetry.traced(
        app.appid(), CALLS, answered(app, call, accessToken), exchange -> Outcomes.SUCCESS);
  }

  private Uni<ApiExchange> answered(WechatApp app, ApiRequest call, Secret accessToken) {
    return Uni.createFrom()
        .<ApiExchange>emitter(
            emitter -> {
              var exchange = new ApiExchange();
              emitter.onTermination(exchange::endUnanswered);
              http.request(call, accessToken)
                  .compose(request -> exchange.send(request, call))
                  .onSuccess(
                      reply -> {
                        // After the end of the exchange there may be no other handler for a
                        // failure.
                        exchange.isAnswered(reply.pause().exceptionHandler(e -> {}));
                        emitter.complete(exchange);
                      })
                  .onFailure(emitter::fail);
            })
        .onFailure()
        .transform(e -> new ProblemException(telemetry.failed(app.appid(), CALLS, e).problem()));
  }

  /** Returns the error in the body of a reply, if the body is an error. */
  public static <T> Optional<Refused<T>> errorIn(byte[] body) {
    try {
      return Optional.ofNullable(REPLY.<CheckSessionReply>readValue(body))
          .filter(CheckSessionReply::isError)
          .map(CheckSessionReply::refused);
    } catch (IOException e) {
      // Errors of the API are JSON.
      return Optional.empty();
    }
  }
}
