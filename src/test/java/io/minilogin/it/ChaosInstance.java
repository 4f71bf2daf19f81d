package io.minilogin.it;

import io.minilogin.Stopped;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** A place in which one instance of the service follows the other. */
final class ChaosInstance implements AutoCloseable {
  private final ServiceProcess.Builder builder;

  /** Odd while something is done to it. */
  private final AtomicInteger changes = new AtomicInteger();

  private volatile Optional<ServiceProcess> service;

  ChaosInstance(ServiceProcess.Builder builder) {
    this.builder = builder;
    service = Optional.of(builder.start());
  }

  /** Empty from the end of one until the next is ready. */
  Optional<ServiceProcess> service() {
    return service;
  }

  /** Looks whether a call that begins now is left alone until it ends. */
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

  /** Returns what lets it go on. */
  Runnable stop() {
    changes.incrementAndGet();
    var stopped = Stopped.process(service.orElseThrow().pid());
    return () -> {
      stopped.close();
      changes.incrementAndGet();
    };
  }

  /** Returns what puts another in its place. */
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
