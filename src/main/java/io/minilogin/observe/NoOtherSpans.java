package io.minilogin.observe;

import io.quarkus.vertx.VertxOptionsCustomizer;
import io.vertx.core.VertxOptions;
import jakarta.inject.Singleton;

/**
 * Turns off Quarkus' own spans, whatever the settings say. HTTP spans quote URLs, which have app
 * secrets and access tokens in their query and openids in their path. Redis spans quote keys. Calls
 * to WeChat would reveal our traces to WeChat.
 */
@Singleton
class NoOtherSpans implements VertxOptionsCustomizer {
  @Override
  public void accept(VertxOptions options) {
    options.setTracingOptions(null);
  }
}
