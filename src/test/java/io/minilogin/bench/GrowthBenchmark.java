package io.minilogin.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.minilogin.it.RedisConnection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Measures how the cost of logins and checks grows with the number of sessions, sessions per user,
 * apps, connections and instances. Uses the native executable if it was built, otherwise the jar.
 * All steps run at once, each with a separate Redis, and take turns on the same core.
 */
final class GrowthBenchmark {
  private static final int ROUNDS = Integer.getInteger("growth.rounds", 3);
  private static final int MOST = Integer.getInteger("growth.sessions", 5_000_000);
  private static final int FEW = 10_000;

  /** The number of tokens that are checked in turn, so that each session is cold again. */
  private static final int TOKENS = 100_000;

  private static final int USERS = 100_000;
  private static final int BATCH = 20_000;
  private static final Path IMAGES = Path.of("docs/images");
  private static final String ROW =
      "| %11s | %8s | %7s | %6s | %8s | %8s | %7s | %6s | %8s | %5s | %8s |%n";

  /** KEYS: a session and a user. ARGV: a name and the number of copies, each with its own TTL. */
  private static final String COPY =
      """
      local session, user = redis.call('DUMP', KEYS[1]), redis.call('DUMP', KEYS[2])
      for i = 1, tonumber(ARGV[2]) do
        local name = redis.sha1hex(ARGV[1] .. i)
        local life = math.random(3600000, 86400000)
        redis.call('RESTORE', 'ml:s:' .. name .. 'abc', life, session)
        redis.call('RESTORE', 'ml:u:' .. string.sub(name, 1, 22), life, user)
      end
      """;

  /** KEYS: users. ARGV: the number of additional entries per user, and their expiry (epoch ms). */
  private static final String INDEX =
      """
      for _, user in ipairs(KEYS) do
        for i = 1, tonumber(ARGV[1]) do
          redis.call('HSET', user, redis.sha1hex(user .. i) .. 'abc', ARGV[2])
        end
      end
      """;

  private enum Load {
    CHECK,
    LOGIN
  }

  private record Cost(double perSecond, double p99Millis, double micros, double redisMicros) {}

  private final Settings settings = Settings.OF_ENVIRONMENT;
  private final PinnedProcess simulator = Servers.simulator();
  private final Path directory = Files.createTempDirectory("growth");
  private final Artefact artefact;
  private final AtomicLong loads = new AtomicLong();

  /** One step: its servers, their Redis and its measurements. */
  private final class Step implements AutoCloseable {
    private final int number;
    private final Servers.Redis redis = Servers.redis();
    private final List<PinnedProcess> servers = new ArrayList<>();
    private final Path tokens = directory.resolve("tokens" + loads.incrementAndGet());
    private final Map<Load, List<Cost>> costs = new EnumMap<>(Load.class);
    private int connections = Wrk.CONNECTIONS;
    private int apps = 1;
    private int users = USERS;
    private final AtomicLong logins = new AtomicLong();

    Step(int number, int instances, Map<String, String> settings) {
      this.number = number;
      for (int i = 0; i < instances; i++) {
        servers.add(Servers.service(Servers.MEASURED, artefact, redis, simulator, settings));
      }
    }

    /** Logs users in until there are at least that many tokens. */
    Step with(int sessions) throws IOException {
      new Caller(Servers.uri(servers.get(0))).token();
      var all = new ArrayList<String>();
      while (all.size() < sessions) {
        var slice = directory.resolve("slice");
        check(login(servers.get(0), connections, settings.duration(), slice.toString()));
        all.addAll(Files.readAllLines(slice));
        Files.delete(slice);
      }
      Files.write(tokens, all.subList(0, sessions));
      return this;
    }

    /** Adds copies of a session and its user, with random TTLs, that no request uses. */
    Step amongCopies(int sessions) {
      try (var connection = new RedisConnection(redis.port())) {
        var session = scan(connection, "ml:s:*").iterator().next();
        var user = scan(connection, "ml:u:*").iterator().next();
        for (int made = 0; made < sessions; made += BATCH) {
          var number = Math.min(BATCH, sessions - made);
          connection.send("EVAL", COPY, 2, session, user, made + ":", number);
        }
      }
      return this;
    }

    /** Adds session entries to each user. A login reads them. */
    Step withEntries(int entries) {
      var until = System.currentTimeMillis() + 3_600_000;
      try (var connection = new RedisConnection(redis.port())) {
        var users = List.copyOf(scan(connection, "ml:u:*"));
        for (int from = 0; from < users.size(); from += 1_000) {
          var some = users.subList(from, Math.min(users.size(), from + 1_000));
          var command = new ArrayList<Object>(List.of("EVAL", INDEX, some.size()));
          command.addAll(some);
          command.addAll(List.of(entries, until));
          connection.send(command.toArray());
        }
      }
      return this;
    }

    private Collection<byte[]> scan(RedisConnection connection, String pattern) {
      var found = new HashMap<String, byte[]>();
      var cursor = "0";
      do {
        var page = (List<?>) connection.send("SCAN", cursor, "MATCH", pattern, "COUNT", 1_000);
        cursor = new String((byte[]) page.get(0), US_ASCII);
        ((List<?>) page.get(1))
            .forEach(key -> found.put(new String((byte[]) key, US_ASCII), (byte[]) key));
      } while (!cursor.equals("0") && found.size() < USERS);
      return found.values();
    }

    void measure(Load load, int seconds) {
      var before = micros();
      var redisBefore = redis.process().usage().cpuMicros();
      var each = connections / servers.size();
      var runs =
          servers.stream()
              .map(server -> CompletableFuture.supplyAsync(() -> load(load, server, each, seconds)))
              .toList();
      var wrks = runs.stream().map(CompletableFuture::join).toList();
      wrks.forEach(this::check);
      var requests = wrks.stream().mapToLong(Wrk::requests).sum();
      costs
          .computeIfAbsent(load, first -> new ArrayList<>())
          .add(
              new Cost(
                  wrks.stream().mapToDouble(Wrk::perSecond).sum(),
                  wrks.stream().mapToDouble(Wrk::p99Millis).max().orElseThrow(),
                  (micros() - before) / requests,
                  (double) (redis.process().usage().cpuMicros() - redisBefore) / requests));
    }

    private double micros() {
      return servers.stream().mapToLong(server -> server.usage().cpuMicros()).sum();
    }

    private Wrk load(Load load, PinnedProcess server, int connections, int seconds) {
      return load == Load.LOGIN
          ? login(server, connections, seconds, "")
          : Wrk.run(
              connections,
              seconds,
              List.of(tokens.toString()),
              "-s",
              "bench/tokens.lua",
              Servers.uri(server) + "/verify");
    }

    private List<String> codes(String tokens) {
      return List.of(
          "growth" + loads.incrementAndGet(),
          tokens,
          String.valueOf(logins.get()),
          String.valueOf(users),
          String.valueOf(apps));
    }

    private Wrk login(PinnedProcess server, int connections, int seconds, String tokens) {
      var url = Servers.uri(server) + "/login";
      var wrk = Wrk.run(connections, seconds, codes(tokens), "-s", "bench/codes.lua", url);
      logins.addAndGet(wrk.requests());
      return wrk;
    }

    private void check(Wrk wrk) {
      if (wrk.failures() > 0 || !wrk.socketErrors().isEmpty()) {
        throw new IllegalStateException(number + ": " + wrk);
      }
    }

    double median(Load load, ToDoubleFunction<Cost> value) {
      var sorted = costs.get(load).stream().mapToDouble(value).sorted().toArray();
      return sorted[sorted.length / 2];
    }

    private Stream<String> cells(Load load) {
      return costs.containsKey(load)
          ? Stream.of(
              "%,.0f".formatted(median(load, Cost::perSecond)),
              "%.1f".formatted(median(load, Cost::micros)),
              "%.1f".formatted(median(load, Cost::p99Millis)),
              "%.1f".formatted(median(load, Cost::redisMicros)))
          : Stream.of("", "", "", "");
    }

    void print() {
      var resident = servers.stream().mapToLong(server -> server.usage().residentKilobytes()).sum();
      var cells = new ArrayList<String>();
      cells.add("%,d".formatted(number));
      Arrays.stream(Load.values()).flatMap(this::cells).forEach(cells::add);
      cells.add("%,d".formatted(resident / 1024));
      cells.add("%,d".formatted(redis.usedBytes() >> 20));
      System.out.printf(Locale.ROOT, ROW, cells.toArray());
    }

    @Override
    public void close() {
      servers.forEach(PinnedProcess::close);
      redis.close();
      tokens.toFile().delete();
    }
  }

  private GrowthBenchmark() throws IOException {
    var all = Artefact.all();
    artefact = all.get(all.size() - 1);
  }

  public static void main(String... none) throws IOException {
    Machine.print();
    new GrowthBenchmark().run();
    System.exit(0); // ends the processes
  }

  private void run() throws IOException {
    System.out.println("Of the " + artefact.name());
    grow("sessions", "sessions in Redis", List.of(Load.values()), sessions());
    grow("user", "sessions of each user", List.of(Load.values()), ofEachUser());
    grow("limit", "sessions of each user, the most", List.of(Load.LOGIN), atTheLimit());
    grow("apps", "apps configured", List.of(Load.values()), apps());
    grow("connections", "connections", List.of(Load.CHECK), connections());
    grow("instances", "instances on the same core", List.of(Load.values()), instances());
    Files.delete(directory);
  }

  private List<Step> sessions() throws IOException {
    var steps = new ArrayList<Step>();
    for (int number : new int[] {FEW, MOST / 5, MOST}) {
      var tokens = Math.min(number, TOKENS);
      var step = new Step(number, 1, Map.of()).with(tokens);
      steps.add(step.amongCopies(number - tokens));
    }
    return steps;
  }

  private List<Step> ofEachUser() throws IOException {
    var steps = new ArrayList<Step>();
    for (int number : new int[] {1, 10, 100}) {
      var limit = Map.of("SESSION_MAX_PER_USER", "1000");
      var step = new Step(number, 1, limit);
      step.users = USERS / 2;
      steps.add(step.with(step.users).withEntries(number - 1));
    }
    return steps;
  }

  /** Returns steps in which each login ends the oldest session of the user. */
  private List<Step> atTheLimit() throws IOException {
    var steps = new ArrayList<Step>();
    for (int number : new int[] {1, 10, 100}) {
      var step = new Step(number, 1, Map.of("SESSION_MAX_PER_USER", String.valueOf(number)));
      step.users = 200;
      steps.add(step.with(step.users * number));
    }
    return steps;
  }

  private List<Step> apps() throws IOException {
    var steps = new ArrayList<Step>();
    for (int number : new int[] {1, 10, SimulatorServer.APPS}) {
      var others = new HashMap<String, String>();
      IntStream.range(1, number)
          .forEach(
              i -> {
                var app = SimulatorServer.other(i);
                others.put("WECHAT_APPS_%d__APPID".formatted(i - 1), app.appid());
                others.put("WECHAT_APPS_%d__SECRET".formatted(i - 1), app.secret());
              });
      var step = new Step(number, 1, others);
      step.apps = number;
      steps.add(step.with(FEW));
    }
    return steps;
  }

  private List<Step> connections() throws IOException {
    var steps = new ArrayList<Step>();
    for (int number : new int[] {50, 1_000, 10_000}) {
      var limit = Map.of("QUARKUS_HTTP_LIMITS_MAX_CONNECTIONS", "11000");
      var step = new Step(number, 1, limit).with(FEW);
      step.connections = number;
      steps.add(step);
    }
    return steps;
  }

  private List<Step> instances() throws IOException {
    return List.of(new Step(1, 1, Map.of()).with(FEW), new Step(2, 2, Map.of()).with(FEW));
  }

  private void grow(String name, String what, List<Load> loads, List<Step> steps)
      throws IOException {
    for (var load : loads) {
      steps.forEach(step -> step.measure(load, settings.warmUp()));
    }
    steps.forEach(step -> step.costs.clear());
    for (int round = 0; round < ROUNDS; round++) {
      for (var load : loads) {
        steps.forEach(step -> step.measure(load, settings.duration()));
      }
    }
    print(what, steps);
    draw(name, what, loads, steps);
    steps.forEach(Step::close);
  }

  private static void print(String what, List<Step> steps) {
    System.out.printf("%n%s%n%n", what);
    System.out.printf(
        ROW,
        "",
        "checks/s",
        "CPU µs",
        "p99 ms",
        "Redis µs",
        "logins/s",
        "CPU µs",
        "p99 ms",
        "Redis µs",
        "MB",
        "Redis MB");
    System.out.printf(ROW, Stream.generate(() -> "--:").limit(11).toArray());
    steps.forEach(Step::print);
  }

  private static void draw(String name, String what, List<Load> loads, List<Step> steps)
      throws IOException {
    var lines = new ArrayList<Chart.Line>();
    for (var load : loads) {
      var operation = load.name().toLowerCase(Locale.ROOT);
      lines.add(line(operation, load, Cost::micros, steps));
      lines.add(line(operation + ", Redis", load, Cost::redisMicros, steps));
    }
    var labels = steps.stream().map(step -> "%,d".formatted(step.number)).toList();
    var chart = new Chart("CPU time, the first as 1", what, labels, lines);
    Files.writeString(IMAGES.resolve("growth-" + name + ".svg"), chart.svg());
  }

  private static Chart.Line line(
      String name, Load load, ToDoubleFunction<Cost> cost, List<Step> steps) {
    var first = steps.get(0).median(load, cost);
    return new Chart.Line(
        name, steps.stream().mapToDouble(step -> step.median(load, cost) / first).toArray());
  }
}
