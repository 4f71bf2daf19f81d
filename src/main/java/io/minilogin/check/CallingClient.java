package io.minilogin.check;

import jakarta.enterprise.context.RequestScoped;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The client whose request is under way; for resources {@link ForClients} only. */
@RequestScoped
class CallingClient {
  private @Nullable Client client;

  void identify(Client found) {
    client = found;
  }

  String id() {
    return client().id();
  }

  boolean mayActFor(String appid) {
    return client().mayActFor(appid);
  }

  boolean mayActForAll() {
    return client().apps().isEmpty();
  }

  private Client client() {
    return Objects.requireNonNull(client);
  }

  @Override
  public String toString() {
    return "CallingClient";
  }
}
