package peer;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.web.context.WebServerInitializedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.server.ResponseStatusException;
import reactor.core.publisher.Mono;

/**
 * A login for a mini program as it is usually written with Spring: WebFlux, WebClient, Lettuce, one
 * JSON string per session. Like the service in Go, it gives none of the guarantees of mini-login.
 */
@SpringBootApplication
@RestController
public class Login {
  private static final Duration LIFETIME = Duration.ofDays(7);

  private final SecureRandom random = new SecureRandom();
  private final ObjectMapper json;
  private final ReactiveStringRedisTemplate redis;
  private final WebClient wechat;

  record Code(String code) {}

  record Session(
      String openid,
      String unionid,
      @JsonProperty("session_key") String sessionKey,
      @JsonProperty("created_at") long createdAt) {}

  Login(ObjectMapper json, ReactiveStringRedisTemplate redis, WebClient.Builder wechat) {
    this.json = json;
    this.redis = redis;
    this.wechat = wechat.baseUrl(System.getenv("WECHAT_BASE_URL")).build();
  }

  public static void main(String... arguments) {
    SpringApplication.run(Login.class, arguments);
  }

  @EventListener
  void started(WebServerInitializedEvent event) {
    System.out.println("Listening on: http://127.0.0.1:" + event.getWebServer().getPort());
  }

  @PostMapping("/login")
  Mono<Map<String, Object>> login(@RequestBody Code body) {
    return wechat
        .get()
        .uri(
            uri ->
                uri.path("/sns/jscode2session")
                    .queryParam("appid", System.getenv("WECHAT_APPID"))
                    .queryParam("secret", System.getenv("WECHAT_SECRET"))
                    .queryParam("js_code", body.code())
                    .queryParam("grant_type", "authorization_code")
                    .build())
        .retrieve()
        // WeChat sends JSON as text/plain.
        .bodyToMono(String.class)
        .map(text -> read(text, Session.class))
        .filter(user -> user.openid() != null)
        .switchIfEmpty(Mono.error(new ResponseStatusException(HttpStatus.BAD_GATEWAY)))
        .flatMap(this::save);
  }

  private Mono<Map<String, Object>> save(Session user) {
    var bytes = new byte[32];
    random.nextBytes(bytes);
    var token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    var session =
        new Session(
            user.openid(), user.unionid(), user.sessionKey(), Instant.now().getEpochSecond());
    return redis
        .opsForValue()
        .set("session:" + token, write(session), LIFETIME)
        .thenReturn(
            Map.of(
                "access_token",
                token,
                "token_type",
                "Bearer",
                "expires_in",
                LIFETIME.toSeconds(),
                "openid",
                user.openid()));
  }

  @GetMapping("/verify")
  Mono<ResponseEntity<Void>> verify(@RequestHeader(HttpHeaders.AUTHORIZATION) String header) {
    return redis
        .opsForValue()
        .get("session:" + header.substring("Bearer ".length()))
        .map(text -> read(text, Session.class))
        .map(
            session ->
                ResponseEntity.ok()
                    .header("X-WX-OPENID", session.openid())
                    .header("X-WX-UNIONID", session.unionid() == null ? "" : session.unionid())
                    .<Void>build())
        .defaultIfEmpty(ResponseEntity.status(HttpStatus.UNAUTHORIZED).build());
  }

  private <T> T read(String text, Class<T> type) {
    try {
      return json.readValue(text, type);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private String write(Session session) {
    try {
      return json.writeValueAsString(session);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
