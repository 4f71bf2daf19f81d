package io.minilogin.it;

import io.minilogin.dev.OpenData;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Measures whether the response time reveals why open data were refused. It sends requests for each
 * reason, one after the other on one connection, in random order. A wrong padding is measured
 * twice: the difference between the two shows the precision of the measurement. Uses the artefact
 * of {@code -Dartefact.kind}; {@code bench/run padding} runs it.
 */
final class PaddingBenchmark {
  private static final int ROUNDS = 20_000;
  private static final int WARM_UP = 5_000;
  private static final int BLOCK = 16;

  private enum Reason {
    WRONG_PADDING("wrong padding", 409),
    WRONG_PADDING_AGAIN("wrong padding, again", 409),
    NO_JSON("right padding, no JSON", 409),
    OTHER_APP("right padding, another app's", 422);

    final String text;
    final int status;

    Reason(String text, int status) {
      this.text = text;
      this.status = status;
    }
  }

  private final Map<Reason, List<Double>> micros = new EnumMap<>(Reason.class);
  private final Random random = new Random(1);

  private PaddingBenchmark() {}

  public static void main(String... none) {
    var benchmark = new PaddingBenchmark();
    try (var surroundings = Surroundings.start();
        var service = surroundings.service().start()) {
      benchmark.run(surroundings, service);
    }
    benchmark.print();
  }

  private void run(Surroundings surroundings, ServiceProcess service) {
    var user = Codes.newUser();
    var token = service.client().tokenFor(Codes.codeOf(user));
    var data = otherAppsData(surroundings, user);
    var order = new ArrayList<>(List.of(Reason.values()));
    for (int round = -WARM_UP; round < ROUNDS; round++) {
      Collections.shuffle(order, random);
      for (var reason : order) {
        var body = data(reason, data).json();
        var request = Crowd.post(service, "/session/open-data", token, body);
        long start = System.nanoTime();
        var answer = Crowd.send(request).join();
        long nanos = System.nanoTime() - start;
        if (answer.statusCode() != reason.status) {
          throw new IllegalStateException(reason + ": " + answer.body());
        }
        if (round >= 0) {
          micros.computeIfAbsent(reason, first -> new ArrayList<>()).add(nanos / 1e3);
        }
      }
    }
  }

  /** Returns data of another app with a padding of one byte. */
  private static OpenData otherAppsData(Surroundings surroundings, String user) {
    var json =
        "{\"watermark\":{\"appid\":\"%s\",\"timestamp\":1}}"
            .formatted(Surroundings.OTHER_APP.appid());
    var plaintext = json + " ".repeat(BLOCK - 1 - json.length() % BLOCK);
    return surroundings.wechat().openData(Surroundings.APP.appid(), user, plaintext);
  }

  /**
   * Changes a byte of one block. This turns the block into garbage and changes the same byte of the
   * next block. The next block is the last one, and the byte is either its padding or its byte
   * farthest from the padding.
   */
  private static OpenData data(Reason reason, OpenData data) {
    return switch (reason) {
      case WRONG_PADDING, WRONG_PADDING_AGAIN -> changedBeforeEnd(data, BLOCK + 1);
      case NO_JSON -> changedBeforeEnd(data, 2 * BLOCK);
      case OTHER_APP -> data;
    };
  }

  private static OpenData changedBeforeEnd(OpenData data, int distance) {
    var bytes = Base64.getDecoder().decode(data.encryptedData());
    bytes[bytes.length - distance] ^= 1;
    var text = Base64.getEncoder().encodeToString(bytes);
    return new OpenData(text, data.iv(), Optional.empty(), Optional.empty());
  }

  private void print() {
    System.out.printf(
        "%s, %,d requests for each reason, µs; the difference is that of the means of the middle"
            + " 80 %%, with its standard error%n%n",
        System.getProperty("artefact.kind", "jar"), ROUNDS);
    System.out.printf("%-30s %8s %12s %8s%n", "", "median", "difference", "±");
    var first = middle(Reason.WRONG_PADDING);
    Stream.of(Reason.values())
        .forEach(
            reason -> {
              var values = middle(reason);
              System.out.printf(
                  "%-30s %8.1f %12.2f %8.2f%n",
                  reason.text,
                  values[values.length / 2],
                  mean(values) - mean(first),
                  Math.sqrt(squaredError(values) + squaredError(first)));
            });
  }

  private double[] middle(Reason reason) {
    var sorted = micros.get(reason).stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return Arrays.copyOfRange(sorted, sorted.length / 10, sorted.length - sorted.length / 10);
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElseThrow();
  }

  private static double squaredError(double[] values) {
    double mean = mean(values);
    double squares =
        IntStream.range(0, values.length).mapToDouble(i -> Math.pow(values[i] - mean, 2)).sum();
    return squares / (values.length - 1) / values.length;
  }
}
