package io.minilogin.dev;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The coins of the users. Each user starts with {@link #START} coins in both environments. */
final class SimulatedWallets {
  static final long START = 1000;

  /**
   * @param env 0, or 1 for the sandbox
   */
  record Owner(String appid, String openid, long env) {}

  enum Outcome {
    DONE,
    /** The order was carried out before. */
    REPEATED,
    TOO_FEW_COINS,
    UNKNOWN_ORDER
  }

  private static final class Wallet {
    private long balance = START;
    private final Map<String, Long> paid = new HashMap<>();
    private final Set<String> orders = new HashSet<>();
  }

  private final Map<Owner, Wallet> wallets = new HashMap<>();

  synchronized long balance(Owner owner) {
    return wallet(owner).balance;
  }

  synchronized void add(Owner owner, long coins) {
    wallet(owner).balance += coins;
  }

  synchronized Outcome pay(Owner owner, String order, long amount) {
    var wallet = wallet(owner);
    if (wallet.orders.contains(order)) {
      return Outcome.REPEATED;
    }
    if (amount <= 0 || amount > wallet.balance) {
      return Outcome.TOO_FEW_COINS;
    }
    wallet.orders.add(order);
    wallet.paid.put(order, amount);
    wallet.balance -= amount;
    return Outcome.DONE;
  }

  /** Pays coins of an order back, all or some of them. */
  synchronized Outcome cancel(Owner owner, String paidOrder, String order, long amount) {
    var wallet = wallet(owner);
    if (wallet.orders.contains(order)) {
      return Outcome.REPEATED;
    }
    var left = wallet.paid.get(paidOrder);
    if (left == null) {
      return Outcome.UNKNOWN_ORDER;
    }
    if (amount <= 0 || amount > left) {
      return Outcome.TOO_FEW_COINS;
    }
    wallet.orders.add(order);
    wallet.paid.put(paidOrder, left - amount);
    wallet.balance += amount;
    return Outcome.DONE;
  }

  private Wallet wallet(Owner owner) {
    return wallets.computeIfAbsent(owner, unknown -> new Wallet());
  }
}
