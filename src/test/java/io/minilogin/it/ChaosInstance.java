package io.minilogin.it;

import io.minilogin.Stopped;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** A slot in which one instance of the service replaces the previous instance. */
final class ChaosInstance implements AutoCloseable {
  private final ServiceProcess.Builder builder;

  /** Odd while the instance is being changed. */
  private final AtomicInteger changes = new AtomicInteger();

  private volatile Optional<ServiceProcess> service;

  ChaosInstance(ServiceProcess.Builder builder) {
    this.builder = builder;
    service = Optional.of(builder.start());
  }

  /** Empty after the end of an instance until the next one is ready. */
  Optional<ServiceProcess> service() {
    return service;
  }

  /** Returns an observer that detects whether the instance changes from now on. */
  Calm calm() {
    return new Calm(changes.get());
  }

  final class Calm {
    private final int before;

    private Calm(int before) {
      this.before = before;
    }

    boolean lasts() {
      return before % 2 == 0 && changes.get() == before;
    }
  }

  /** Stops the instance and returns the action that resumes it. */
  Runnable stop() {
    changes.incrementAndGet();
    var stopped = Stopped.process(service.orElseThrow().pid());
    return () -> {
      stopped.close();
      changes.incrementAndGet();
    };
  }

  /** Kills the instance and returns the action that starts another one. */
  Runnable kill() {
    changes.incrementAndGet();
    var killed = service.orElseThrow();
    service = Optional.empty();
    killed.close();
    return () -> {
      service = Optional.of(builder.start());
      changes.incrementAndGet();
    };
  }

  @Override
  public void close() {
    service.ifPresent(ServiceProcess::close);
  }
}
