package io.minilogin.dev;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The orders that users have paid with {@code wx.requestVirtualPayment}. */
final class SimulatedOrders {
  private static final int PAID = 2;
  private static final int DELIVERED = 4;

  /**
   * A paid order.
   *
   * @param fee in fen
   * @param paidAt in seconds since 1970
   * @param status 2 until the goods are delivered, then 4
   */
  record Order(
      String appid, String openid, String outTradeNo, long env, long fee, long paidAt, int status) {
    ObjectNode json() {
      return Json.object()
          .put("order_id", outTradeNo)
          .put("create_time", paidAt)
          .put("paid_time", paidAt)
          .put("status", status)
          .put("biz_type", 2)
          .put("order_fee", fee)
          .put("paid_fee", fee)
          .put("left_fee", fee)
          .put("refund_fee", 0)
          .put("env_type", env + 1)
          .put("wx_order_id", wxOrderId());
    }

    String wxOrderId() {
      return "w" + outTradeNo;
    }

    private Order delivered() {
      return new Order(appid, openid, outTradeNo, env, fee, paidAt, DELIVERED);
    }
  }

  private record Key(String appid, String outTradeNo) {}

  private final Map<Key, Order> orders = new ConcurrentHashMap<>();
  private final Clock clock;

  SimulatedOrders(Clock clock) {
    this.clock = clock;
  }

  /** Returns the new order; empty if the app has used this number before. */
  Optional<Order> add(String appid, String openid, String outTradeNo, long env, long fee) {
    var paidAt = clock.instant().getEpochSecond();
    var order = new Order(appid, openid, outTradeNo, env, fee, paidAt, PAID);
    var other = orders.putIfAbsent(new Key(appid, outTradeNo), order);
    return other == null ? Optional.of(order) : Optional.empty();
  }

  Optional<Order> find(String appid, String outTradeNo) {
    return Optional.ofNullable(orders.get(new Key(appid, outTradeNo)));
  }

  /** Marks the order as delivered. Returns false for an unknown order. */
  boolean provide(String appid, String outTradeNo) {
    var key = new Key(appid, outTradeNo);
    return orders.computeIfPresent(key, (same, order) -> order.delivered()) != null;
  }
}
