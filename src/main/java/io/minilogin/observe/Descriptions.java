package io.minilogin.observe;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.config.MeterFilter;
import jakarta.inject.Singleton;
import java.util.Map;

/**
 * Adds the description of each metric of the service, which Prometheus shows as help. The texts are
 * the same as in docs/metrics.md.
 */
@Singleton
class Descriptions implements MeterFilter {
  private static final Map<String, String> TEXTS =
      Map.ofEntries(
          Map.entry(
              "mini_login.requests", "time from the head of a request to the end of its response"),
          Map.entry(
              "mini_login.logins", "logins by app; unknown for an app that is not configured"),
          Map.entry(
              "mini_login.exchanges.spared", "repeated codes that were not sent to WeChat again"),
          Map.entry("mini_login.connections", "connections of clients on the traffic port"),
          Map.entry("mini_login.connections.limit", "maximum number of client connections"),
          Map.entry(
              "mini_login.connections.refused",
              "client connections that were closed because of the limit"),
          Map.entry("mini_login.wechat.calls", "time of the service's own calls to WeChat"),
          Map.entry("mini_login.api.calls", "time of backends' calls of WeChat's API"),
          Map.entry(
              "mini_login.signatures",
              "signings of data for clients, also of calls of WeChat's API; one for each request"),
          Map.entry("mini_login.wechat.calls.active", "calls to WeChat under way"),
          Map.entry(
              "mini_login.wechat.calls.limit", "maximum number of concurrent calls to WeChat"),
          Map.entry(
              "mini_login.wechat.circuit.open",
              "1 while the circuit breaker lets no call through, or only a trial call; else 0"),
          Map.entry(
              "mini_login.access.token.left.seconds",
              "time until the access token that this instance last saw expires"),
          Map.entry(
              "mini_login.access.token.forced.refreshes.left",
              "forced refreshes of the access token that are left of the 20 that WeChat allows a"
                  + " day"),
          Map.entry("mini_login.push.events", "events of WeChat's message push"),
          Map.entry(
              "mini_login.redis.batches",
              "time of each batch of commands, which is also the time of each command in it"),
          Map.entry("mini_login.redis.batch.commands", "commands in a batch"),
          Map.entry("mini_login.redis.failures", "commands that failed"),
          Map.entry("mini_login.redis.connections.active", "connections to Redis that are in use"),
          Map.entry("mini_login.redis.connections.limit", "maximum number of connections to Redis"),
          Map.entry(
              "mini_login.redis.connections.queued", "batches that wait for a connection to Redis"),
          Map.entry("mini_login.sessions.opened", "sessions opened"),
          Map.entry("mini_login.sessions.ended", "sessions that ended before they expired"),
          Map.entry("mini_login.sessions.touched", "sessions extended by a use"),
          Map.entry(
              "mini_login.values.refused",
              "values in Redis that could not be unsealed: another program writes to Redis, or a"
                  + " secret is missing"),
          Map.entry(
              "mini_login.config.last.reload.successful",
              "0 while changed settings files are invalid; else 1"),
          Map.entry(
              "mini_login.config.last.reload.success.timestamp.seconds",
              "when the settings files were last read"),
          Map.entry(
              "mini_login.certificates.last.reload.timestamp.seconds",
              "when the certificates were last read"),
          Map.entry(
              "mini_login.seal.delay.left.seconds", "time until the new secret of an app seals"),
          Map.entry(
              "mini_login.secrets.dropped",
              "secrets of the app that are no longer configured but still unseal sessions here"),
          Map.entry(
              "mini_login.event.loop.lag",
              "delay of the timers of an event loop, and so of all its requests"),
          Map.entry("mini_login.build.info", "always 1; the labels describe the build"));

  @Override
  public Meter.Id map(Meter.Id id) {
    var text = TEXTS.get(id.getName());
    return text == null
        ? id
        : new Meter.Id(
            id.getName(), Tags.of(id.getTagsAsIterable()), id.getBaseUnit(), text, id.getType());
  }
}
