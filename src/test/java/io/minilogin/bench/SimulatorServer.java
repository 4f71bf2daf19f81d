package io.minilogin.bench;

import io.minilogin.dev.WechatSimulator;
import io.minilogin.dev.WechatSimulator.App;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Runs the simulated WeChat as a separate process, which can be measured and pinned to a core. */
final class SimulatorServer {
  static final App APP = new App("wx1111111111111111", "5ec2e70f07e00ea11ec2e70f07e00ea1");

  /** The number of apps: {@link #APP} and {@link #other} from 1 on. */
  static final int APPS = 100;

  private SimulatorServer() {}

  static App other(int number) {
    return new App("wx%016x".formatted(number), "%032x".formatted(number));
  }

  public static void main(String... none) throws InterruptedException {
    var apps = Stream.concat(Stream.of(APP), IntStream.range(1, APPS).mapToObj(n -> other(n)));
    System.out.println("Listening on: " + WechatSimulator.start(apps.toArray(App[]::new)).uri());
    Thread.currentThread().join(); // until killed: the threads of the simulator are daemons
  }
}
