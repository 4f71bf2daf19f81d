package io.minilogin.bench;

import io.minilogin.dev.WechatSimulator;
import io.minilogin.dev.WechatSimulator.App;

/** The simulated WeChat as a process of its own, which can be measured and has a core assigned. */
final class SimulatorServer {
  static final App APP = new App("wx1111111111111111", "5ec2e70f07e00ea11ec2e70f07e00ea1");

  private SimulatorServer() {}

  public static void main(String... none) throws InterruptedException {
    System.out.println("Listening on: " + WechatSimulator.start(APP).uri());
    Thread.currentThread().join(); // until it is killed: the simulator's own threads are daemons
  }
}
