package io.minilogin.clients;

import io.minilogin.observe.Fields;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Logs which sessions of users the clients end: one line per call, under the name of this class. A
 * line names sessions by the ids that a client can list, and never names a user.
 */
public final class Audit {
  private static final Logger LOG = Logger.getLogger(Audit.class);

  private Audit() {}

  /** Logs that the client has ended these sessions of one user. */
  public static void ended(Client client, Optional<String> appid, List<String> ids) {
    if (!ids.isEmpty()) {
      Fields.none()
          .and("client", client.id())
          .and("app", appid)
          .and("sessions", String.join(" ", ids))
          .with(() -> LOG.infof("A client has ended %d session(s) of a user", ids.size()));
    }
  }
}
