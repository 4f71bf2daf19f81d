package io.minilogin.it;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The packaged service as a process on free ports. It receives only the environment variables given
 * here. It ends with this JVM at the latest.
 */
public final class ServiceProcess implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(60);

  private final Process process;
  private final ProcessOutput output;
  private final KillAtExit atExit;
  private Client client;

  private ServiceProcess(List<String> command, Map<String, String> environment) {
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().putAll(environment);
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    output = new ProcessOutput(process.getInputStream());
    atExit = new KillAtExit(process);
  }

  public static Builder with(String variable, String value) {
    return new Builder().with(variable, value);
  }

  /** Starts several services at the same time and returns when all are ready. */
  public static List<ServiceProcess> startAll(Builder... builders) {
    var services = Stream.of(builders).map(Builder::launch).toList();
    try {
      services.forEach(ServiceProcess::awaitListening);
      services.forEach(ServiceProcess::awaitReady);
      return services;
    } catch (RuntimeException e) {
      services.forEach(ServiceProcess::close);
      throw e;
    }
  }

  public Client client() {
    return client;
  }

  /** Returns the address of the traffic port. */
  public URI traffic() {
    return client.traffic();
  }

  /** Returns the lines written so far. */
  public List<String> lines() {
    return output.lines();
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** Sends SIGTERM, as Kubernetes does, and returns at once. */
  public void terminate() {
    // Process.destroy() would also close the output.
    process.toHandle().destroy();
  }

  /** Kills the process with SIGKILL. */
  public void kill() {
    atExit.kill();
  }

  /**
   * Waits for the end of the process and returns its exit code. The timeout suffices for any start
   * or stop. All output has been read by then.
   */
  public int awaitExit() {
    try {
      if (!process.waitFor(START.toSeconds(), SECONDS)) {
        throw new IllegalStateException("still running:\n" + String.join("\n", lines()));
      }
      output.awaitEnd();
      return process.exitValue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    kill();
  }

  private void awaitListening() {
    var ports = output.ports().orTimeout(START.toSeconds(), SECONDS).join();
    var host = ports.host().equals("0.0.0.0") ? "127.0.0.1" : ports.host();
    client = new Client(http(host, ports.traffic()), http(host, ports.management()));
  }

  private void awaitReady() {
    await().atMost(START).until(() -> client.ready().statusCode() == 200);
  }

  private static URI http(String host, int port) {
    return URI.create("http://" + host + ":" + port);
  }

  /** The environment of a service. It can start any number of processes. */
  public static final class Builder {
    private final Map<String, String> environment = new HashMap<>();
    private Supplier<List<String>> command = Artefact::command;

    Builder() {
      environment.put("QUARKUS_HTTP_PORT", "0");
      environment.put("QUARKUS_MANAGEMENT_PORT", "0");
      // Only tests of the shutdown need its delay.
      environment.put("QUARKUS_SHUTDOWN_DELAY", "0S");
    }

    public Builder with(String variable, String value) {
      environment.put(variable, value);
      return this;
    }

    public Builder without(String variable) {
      environment.remove(variable);
      return this;
    }

    /** Starts the service with another command than {@link Artefact#command()}. */
    Builder command(List<String> other) {
      command = () -> other;
      return this;
    }

    /** Starts the service and returns when it is ready. */
    public ServiceProcess start() {
      return startAll(this).get(0);
    }

    /** Starts the service and returns when it listens, even if it is not ready. */
    public ServiceProcess startWithoutRedis() {
      var service = launch();
      try {
        service.awaitListening();
        return service;
      } catch (RuntimeException e) {
        service.close();
        throw e;
      }
    }

    /** Starts the service and returns at once, for starts that must fail. */
    public ServiceProcess launch() {
      return new ServiceProcess(command.get(), environment);
    }
  }
}
