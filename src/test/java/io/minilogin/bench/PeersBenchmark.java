package io.minilogin.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Compares logins and checks of this service with services that its users would write instead. All
 * servers run at once, each with a separate Redis, and take turns on the same core, so that other
 * load of the machine affects all of them.
 */
final class PeersBenchmark {
  private static final int ROUNDS = Integer.getInteger("peers.rounds", 5);
  private static final int FEW = 10_000;
  private static final int MANY = Integer.getInteger("peers.tokens", 200_000);

  /** The artefact with which the others are compared. */
  private static final String BASE = "Go";

  /** A well-formed token, so that the service looks it up in Redis. */
  private static final String UNKNOWN_TOKEN = "mlt_" + "A".repeat(43);

  private static final String ROW = "| %-24s | %8s | %17s | %6s | %7s | %7s | %5s | %4s |%n";

  private enum Load {
    LOGIN("`/login`"),
    FEW_TOKENS("`/verify`, %,d tokens".formatted(FEW)),
    MANY_TOKENS("`/verify`, %,d tokens".formatted(MANY)),
    UNKNOWN_TOKENS("`/verify`, an unknown token");

    private final String title;

    Load(String title) {
      this.title = title;
    }
  }

  private final Settings settings = Settings.OF_ENVIRONMENT;
  private final PinnedProcess simulator = Servers.simulator();
  private final Path directory = Files.createTempDirectory("peers");
  private final List<Peer> peers = new ArrayList<>();
  private int loads;

  private record Run(Wrk wrk, double cpuMicros) {}

  /** One server, its Redis and its measurements. */
  private final class Peer {
    private final Artefact artefact;
    private final Servers.Redis redis = Servers.redis();
    private final PinnedProcess server;
    private final Path few;
    private final Path many;
    private long logins;
    private final Map<Load, List<Run>> runs = new EnumMap<>(Load.class);

    Peer(Artefact artefact) throws IOException {
      this.artefact = artefact;
      this.server = Servers.service(artefact, redis, simulator);
      this.few = directory.resolve(artefact.name() + ".few");
      this.many = directory.resolve(artefact.name() + ".many");
      Files.writeString(few, UNKNOWN_TOKEN); // a baseline accepts any token
    }

    /** Logs users in until there are enough tokens to check. */
    void fill() throws IOException {
      var caller = new Caller(Servers.uri(server));
      caller.token();
      login(settings.warmUp(), ""); // a JVM answers the first requests slowly
      long before = redis.usedBytes();
      var tokens = new ArrayList<String>();
      for (int slice = 0; tokens.size() < MANY; slice++) {
        var file = directory.resolve(artefact.name() + "." + slice);
        check(Load.LOGIN, load(Load.LOGIN, settings.duration(), file.toString()));
        tokens.addAll(Files.readAllLines(file));
        Files.delete(file);
      }
      System.out.printf(
          "%s: %,d logins, %d bytes of Redis' memory each%n",
          artefact.name(), tokens.size(), (redis.usedBytes() - before) / tokens.size());
      Files.write(few, tokens.subList(0, FEW));
      Files.write(many, tokens.subList(0, MANY));
    }

    boolean takes(Load load) {
      return load == Load.FEW_TOKENS || logins > 0;
    }

    void measure(Load load, int seconds) {
      var before = server.usage();
      var wrk = load(load, seconds, "");
      check(load, wrk);
      var used = (double) server.usage().cpuMicros() - before.cpuMicros();
      runs.computeIfAbsent(load, first -> new ArrayList<>())
          .add(new Run(wrk, used / wrk.requests()));
    }

    private Wrk load(Load load, int seconds, String tokens) {
      var verify = Servers.uri(server) + "/verify";
      return switch (load) {
        case LOGIN -> login(seconds, tokens);
        case FEW_TOKENS -> Wrk.run(seconds, few.toString(), "-s", "bench/tokens.lua", verify);
        case MANY_TOKENS -> Wrk.run(seconds, many.toString(), "-s", "bench/tokens.lua", verify);
        case UNKNOWN_TOKENS ->
            Wrk.run(seconds, "", "-H", "Authorization: Bearer " + UNKNOWN_TOKEN, verify)
                .allRefused();
      };
    }

    /** Logs in the next users: repeated users would have too many sessions. */
    private Wrk login(int seconds, String tokens) {
      var arguments = List.of("peers" + loads++, tokens, String.valueOf(logins));
      var wrk =
          Wrk.run(seconds, arguments, "-s", "bench/codes.lua", Servers.uri(server) + "/login");
      logins += wrk.requests();
      return wrk;
    }

    private void check(Load load, Wrk wrk) {
      if (wrk.failures() > 0 || !wrk.socketErrors().isEmpty()) {
        throw new IllegalStateException(artefact.name() + ", " + load + ": " + wrk);
      }
    }

    double median(Load load, ToDoubleFunction<Run> value) {
      var sorted = runs.get(load).stream().mapToDouble(value).sorted().toArray();
      return sorted[sorted.length / 2];
    }

    void print(Load load, Peer base) {
      var perSecond = runs.get(load).stream().mapToDouble(run -> run.wrk().perSecond());
      var spread = perSecond.summaryStatistics();
      var median = median(load, run -> run.wrk().perSecond());
      var cpu = median(load, Run::cpuMicros);
      System.out.printf(
          Locale.ROOT,
          ROW,
          artefact.name(),
          "%,.0f".formatted(median),
          "%,.0f to %,.0f".formatted(spread.getMin(), spread.getMax()),
          "%.1f".formatted(cpu),
          "%.1f".formatted(median(load, run -> run.wrk().medianMillis())),
          "%.1f".formatted(median(load, run -> run.wrk().p99Millis())),
          "%.2f".formatted(median / base.median(load, run -> run.wrk().perSecond())),
          "%d".formatted(server.usage().residentKilobytes() / 1024));
    }
  }

  private PeersBenchmark() throws IOException {}

  public static void main(String... none) throws IOException {
    Machine.print();
    new PeersBenchmark().run();
    System.exit(0); // ends the processes
  }

  private void run() throws IOException {
    for (var artefact : Artefact.allAndPeers()) {
      var peer = new Peer(artefact);
      peers.add(peer);
      peer.fill();
    }
    for (var artefact : Artefact.yardsticks()) {
      peers.add(new Peer(artefact));
    }
    var speeds = new ArrayList<Double>();
    measureAll(settings.warmUp());
    peers.forEach(peer -> peer.runs.clear());
    for (int round = 0; round < ROUNDS; round++) {
      speeds.add(Machine.megabytesPerSecond());
      measureAll(settings.duration());
    }
    System.out.printf(
        "SHA-256 on core %s, MB/s, before each round: %s%n", Servers.MEASURED, speeds);
    for (var load : Load.values()) {
      print(load);
    }
    for (var peer : peers) {
      Files.deleteIfExists(peer.few);
      Files.deleteIfExists(peer.many);
    }
    Files.delete(directory);
  }

  private void measureAll(int seconds) {
    for (var load : Load.values()) {
      peers.stream().filter(peer -> peer.takes(load)).forEach(peer -> peer.measure(load, seconds));
    }
  }

  private void print(Load load) {
    System.out.printf("%n%s%n%n", load.title);
    System.out.printf(ROW, "", "1/s", "from, to", "CPU µs", "p50 ms", "p99 ms", "of " + BASE, "MB");
    System.out.printf(ROW, "---", "--:", "--:", "--:", "--:", "--:", "--:", "--:");
    var ofLoad = peers.stream().filter(peer -> peer.takes(load)).toList();
    var base =
        ofLoad.stream()
            .filter(peer -> peer.artefact.name().equals(BASE))
            .findFirst()
            .orElse(ofLoad.get(0));
    ofLoad.forEach(peer -> peer.print(load, base));
  }
}
