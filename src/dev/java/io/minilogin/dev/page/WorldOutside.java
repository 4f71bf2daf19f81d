package io.minilogin.dev.page;

import static io.minilogin.dev.page.MessageLog.Party.BACKEND;
import static io.minilogin.dev.page.MessageLog.Party.SERVICE;
import static io.minilogin.dev.page.MessageLog.Party.WECHAT;

import io.minilogin.dev.EmbeddedRedis;
import io.minilogin.dev.WechatSimulator;
import java.util.List;
import java.util.Optional;

/**
 * The surroundings of the service in development.
 *
 * @param appids the apps that the service and WeChat know
 * @param redis empty if development mode did not start it
 * @param tap empty if Redis has an address that the page does not support
 * @param secret empty if the environment sets the secret
 */
public record WorldOutside(
    WechatSimulator wechat,
    List<String> appids,
    Optional<EmbeddedRedis> redis,
    Optional<RedisTap> tap,
    Optional<AppSecret> secret,
    MessageLog log) {

  /** Set by the main class; read by the beans, which Quarkus creates. */
  private static Optional<WorldOutside> running = Optional.empty();

  /** Makes the page show these surroundings. */
  public void show() {
    wechat.show(
        (text, sent) -> {
          var receiver = text.startsWith("POST /simulator/backend/") ? BACKEND : WECHAT;
          var call = log.call(SERVICE, receiver, text, Optional.empty());
          call.sent().add(sent);
          return (outcome, isFailure, received) -> {
            call.received().add(received);
            if (isFailure) {
              call.fail(outcome);
            } else {
              call.answer(outcome);
            }
          };
        });
    running = Optional.of(this);
  }

  /** Returns the surroundings that are shown. */
  public static WorldOutside running() {
    return running.orElseThrow();
  }
}
