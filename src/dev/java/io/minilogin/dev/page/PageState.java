package io.minilogin.dev.page;

import io.minilogin.app.WechatApp;
import io.minilogin.app.WechatApps;
import io.quarkus.arc.profile.IfBuildProfile;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;

/** The state of the surroundings, and the faults that the page can cause and repair. */
@Singleton
@IfBuildProfile("dev")
class PageState {
  private static final int SHOWN = 4;

  private final WorldOutside world = WorldOutside.running();
  private final WechatApps apps;
  private volatile boolean isRedisDown;
  private volatile boolean isWechatDown;

  PageState(WechatApps apps) {
    this.apps = apps;
  }

  JsonObject json() {
    var json =
        new JsonObject()
            .put("appids", new JsonArray(world.appids()))
            .put("isWechatDown", isWechatDown)
            .put("canStopRedis", world.redis().isPresent())
            .put("isRedisDown", isRedisDown);
    world.secret().ifPresent(secret -> json.put("secret", json(secret)));
    return json;
  }

  /** Returns the change with this name; empty if there is no such change now. */
  Optional<Runnable> change(String name) {
    Map<String, Optional<Runnable>> changes =
        Map.of(
            "redis-down", world.redis().map(redis -> () -> setRedisDown(true)),
            "redis-up", world.redis().map(redis -> () -> setRedisDown(false)),
            "wechat-down", Optional.of(() -> setWechatDown(true)),
            "wechat-up", Optional.of(() -> setWechatDown(false)),
            "new-secret", world.secret().map(secret -> () -> secret.rotate(world.wechat())));
    return changes.getOrDefault(name, Optional.empty());
  }

  /** Shows only the first characters of each secret, which tell secrets apart. */
  private JsonObject json(AppSecret secret) {
    var inUse = apps.find(world.appids().get(0)).map(WechatApp::secret);
    var previous = new JsonArray();
    secret.previous().forEach(each -> previous.add(shortened(each)));
    return new JsonObject()
        .put("current", shortened(secret.current()))
        .put("previous", previous)
        .put("isInUse", inUse.filter(it -> it.reveal().equals(secret.current())).isPresent());
  }

  private static String shortened(String secret) {
    return secret.substring(0, SHOWN) + "…";
  }

  private synchronized void setRedisDown(boolean isDown) {
    if (isRedisDown != isDown) {
      isRedisDown = isDown;
      var ours = world.redis().orElseThrow();
      if (isDown) {
        ours.stop();
      } else {
        ours.restart();
        world.tap().ifPresent(RedisTap::awaitRedis);
      }
    }
  }

  private void setWechatDown(boolean isDown) {
    isWechatDown = isDown;
    world.wechat().setDown(isDown);
  }
}
