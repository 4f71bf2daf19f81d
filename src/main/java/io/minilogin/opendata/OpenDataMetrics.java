package io.minilogin.opendata;

import io.micrometer.core.instrument.MeterRegistry;
import io.minilogin.problem.ProblemException;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;

/**
 * Counts what users asked for, by app, call and outcome ({@code success} or the problem's name).
 */
@Singleton
class OpenDataMetrics {
  private final MeterRegistry registry;

  OpenDataMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  <T> Uni<T> counted(String appid, String call, Uni<T> work) {
    return work.invoke(done -> count(appid, call, "success"))
        .onFailure(ProblemException.class)
        .invoke(e -> count(appid, call, ((ProblemException) e).problem().type().text()));
  }

  private void count(String appid, String call, String outcome) {
    registry
        .counter("mini_login.open_data", "app", appid, "call", call, "outcome", outcome)
        .increment();
  }
}
