package com.example.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR;
import static org.springframework.http.HttpHeaders.AUTHORIZATION;
import static org.springframework.http.HttpHeaders.CACHE_CONTROL;
import static org.springframework.http.HttpHeaders.CONNECTION;
import static org.springframework.http.HttpHeaders.CONTENT_TYPE;
import static org.springframework.http.HttpHeaders.RETRY_AFTER;
import static org.springframework.http.HttpHeaders.WWW_AUTHENTICATE;

import io.netty.channel.ChannelOption;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

/**
 * Asks mini-login for the user of each request, and passes the user on to the backend in four
 * headers. If mini-login gives no verdict, the response is 503: no request passes unchecked, and an
 * outage of mini-login logs nobody out.
 */
@Component
class MiniLoginFilter implements GlobalFilter, Ordered {
  private static final Logger LOG = LoggerFactory.getLogger(MiniLoginFilter.class);

  private static final int CONNECT_MILLIS = 1_000;

  /** For connection and answer together. */
  private static final Duration DEADLINE = Duration.ofSeconds(3);

  private static final List<String> IDENTITY =
      List.of("X-WX-OPENID", "X-WX-APPID", "X-WX-UNIONID", "X-WX-SOURCE");

  /** All spellings: some backends accept X_Wx.Openid as the same name. */
  private static final Pattern IDENTITY_IN_DISGUISE =
      Pattern.compile(
          "x[^a-z0-9]wx[^a-z0-9](from[^a-z0-9])?(openid|appid|unionid|source)",
          Pattern.CASE_INSENSITIVE);

  /** The headers of the client that mini-login needs. */
  private static final List<String> ASKED_WITH =
      List.of(AUTHORIZATION, "traceparent", "X-Request-Id");

  private static final Set<Integer> REFUSALS = Set.of(400, 401, 403, 429, 503);

  private static final List<String> PASSED_ON =
      List.of(CONTENT_TYPE, CACHE_CONTROL, WWW_AUTHENTICATE, RETRY_AFTER);

  private static final ResponseEntity<byte[]> UNAVAILABLE =
      ResponseEntity.status(503)
          .header(CONTENT_TYPE, "application/problem+json")
          .header(CACHE_CONTROL, "no-store")
          .header(RETRY_AFTER, "2")
          .body(
              """
              {"type":"about:blank","title":"Service Unavailable","status":503,\
              "detail":"mini-login cannot be reached at the moment.","action":"retry"}"""
                  .getBytes(UTF_8));

  private final WebClient miniLogin;

  MiniLoginFilter(WebClient.Builder clients, @Value("${mini-login.url}") String url) {
    var connections =
        ConnectionProvider.builder("mini-login")
            .maxConnections(100)
            // The deadline ends the wait for a free connection.
            .pendingAcquireMaxCount(-1)
            .maxIdleTime(Duration.ofSeconds(30))
            // New pods of mini-login get their share of the connections.
            .maxLifeTime(Duration.ofMinutes(5))
            .build();
    var http =
        HttpClient.create(connections).option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS);
    miniLogin = clients.clientConnector(new ReactorClientHttpConnector(http)).baseUrl(url).build();
  }

  /** Before all filters of the routes. */
  @Override
  public int getOrder() {
    return HIGHEST_PRECEDENCE;
  }

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
    if (isPublic(exchange.getRequiredAttribute(GATEWAY_ROUTE_ATTR))) {
      return chain
          .filter(with(exchange, MiniLoginFilter::removeForgeries))
          .onErrorResume(
              failure -> !exchange.getResponse().isCommitted(),
              failure -> refuse(exchange.getResponse(), unavailable(failure)));
    }
    return verdict(exchange.getRequest().getHeaders())
        .flatMap(
            verdict ->
                isAcceptance(verdict)
                    ? chain.filter(with(exchange, headers -> identify(headers, verdict)))
                    : refuse(exchange.getResponse(), verdict));
  }

  private static boolean isPublic(Route route) {
    return Boolean.TRUE.equals(route.getMetadata().get("public"));
  }

  /** Sends all values of each header: mini-login decides what two tokens mean. */
  private Mono<ResponseEntity<byte[]>> verdict(HttpHeaders request) {
    return miniLogin
        .get()
        .uri("/verify")
        .headers(headers -> copy(ASKED_WITH, request, headers))
        .exchangeToMono(answer -> answer.toEntity(byte[].class))
        .flatMap(
            answer ->
                isAcceptance(answer) || REFUSALS.contains(answer.getStatusCode().value())
                    ? Mono.just(answer)
                    : Mono.error(new IllegalStateException("it answers " + answer.getStatusCode())))
        .timeout(DEADLINE)
        .onErrorResume(failure -> Mono.just(unavailable(failure)));
  }

  private static ResponseEntity<byte[]> unavailable(Throwable failure) {
    LOG.warn("No answer from mini-login: {}", failure.toString());
    return UNAVAILABLE;
  }

  /** Returns whether the answer names the user; any other answer with 200 does not. */
  private static boolean isAcceptance(ResponseEntity<byte[]> answer) {
    return answer.getStatusCode().value() == 200
        && IDENTITY.stream().allMatch(answer.getHeaders()::containsKey);
  }

  private static ServerWebExchange with(ServerWebExchange exchange, Consumer<HttpHeaders> change) {
    return exchange.mutate().request(request -> request.headers(change)).build();
  }

  private static void removeForgeries(HttpHeaders headers) {
    endHopByHop(headers);
    headers.keySet().removeIf(IDENTITY_IN_DISGUISE.asMatchPredicate());
  }

  /** Passes the user on to the backend, and removes the token. */
  private static void identify(HttpHeaders headers, ResponseEntity<byte[]> verdict) {
    removeForgeries(headers);
    headers.remove(AUTHORIZATION);
    copy(IDENTITY, verdict.getHeaders(), headers);
  }

  /**
   * Removes the headers that the client's Connection header names (RFC 9110, section 7.6.1), so
   * that it cannot name the headers that are added here.
   */
  private static void endHopByHop(HttpHeaders headers) {
    var upgrade = headers.getUpgrade();
    headers.getConnection().forEach(headers::remove);
    headers.remove(CONNECTION);
    if (upgrade != null) {
      headers.setUpgrade(upgrade);
      headers.setConnection("Upgrade");
    }
  }

  private static Mono<Void> refuse(ServerHttpResponse response, ResponseEntity<byte[]> verdict) {
    response.setStatusCode(verdict.getStatusCode());
    copy(PASSED_ON, verdict.getHeaders(), response.getHeaders());
    var body = verdict.getBody() == null ? new byte[0] : verdict.getBody();
    return response.writeWith(Mono.just(response.bufferFactory().wrap(body)));
  }

  private static void copy(List<String> names, HttpHeaders from, HttpHeaders to) {
    names.stream().filter(from::containsKey).forEach(name -> to.addAll(name, from.get(name)));
  }
}
