package io.minilogin.push;

import io.minilogin.app.PushKeys;
import io.minilogin.app.Secret;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Settings and keys of the message push for tests. */
final class Pushing {
  static final String TOKEN = "a-token-of-push";
  static final String AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";

  private Pushing() {}

  static PushSettings settings(Map<String, String> properties) {
    return config(properties).getConfigMapping(PushSettings.class);
  }

  private static SmallRyeConfig config(Map<String, String> properties) {
    return new SmallRyeConfigBuilder()
        .addDefaultInterceptors()
        .addDiscoveredConverters()
        .withSources(new PropertiesConfigSource(properties, "test", 100))
        .withMapping(PushSettings.class)
        .build();
  }

  static PushRoutes routes(Map<String, String> properties) {
    return new PushRoutes(settings(properties), config(properties));
  }

  static PushRoutes routes(String... eventsAndUrls) {
    var properties = new HashMap<String, String>();
    for (int i = 0; i < eventsAndUrls.length; i += 2) {
      properties.put("push.routes[%d].events".formatted(i / 2), eventsAndUrls[i]);
      properties.put("push.routes[%d].url".formatted(i / 2), eventsAndUrls[i + 1]);
    }
    return routes(properties);
  }

  /** Returns the keys of an app in plain mode, or with EncodingAESKeys in the other modes. */
  static PushKeys keys(String token, String... aesKeys) {
    return new PushKeys(List.of(new Secret(token)), Stream.of(aesKeys).map(Secret::new).toList());
  }
}
