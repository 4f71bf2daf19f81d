package io.minilogin.trace;

import io.quarkus.vertx.VertxOptionsCustomizer;
import io.vertx.core.VertxOptions;
import jakarta.inject.Singleton;

/**
 * Keeps Quarkus from making spans of its own, whatever the settings say: those of HTTP quote URLs,
 * which have app secrets and access tokens in their query and openids in their path, those of Redis
 * quote keys, and calls to WeChat would tell it our traces.
 */
@Singleton
class NoOtherSpans implements VertxOptionsCustomizer {
  @Override
  public void accept(VertxOptions options) {
    options.setTracingOptions(null);
  }
}
