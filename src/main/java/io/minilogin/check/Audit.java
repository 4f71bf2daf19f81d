package io.minilogin.check;

import io.minilogin.log.Fields;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * The record of what clients do to sessions of users: a line each in the log, under this class'
 * name. It names sessions by the ids that a client can list, and never a user.
 */
final class Audit {
  private static final Logger LOG = Logger.getLogger(Audit.class);

  private Audit() {}

  /** The client has ended these sessions of one user. */
  static void ended(Client client, Optional<String> appid, List<String> ids) {
    if (!ids.isEmpty()) {
      Fields.none()
          .and("client", client.id())
          .and("app", appid)
          .and("sessions", String.join(" ", ids))
          .with(() -> LOG.infof("A client has ended %d session(s) of a user", ids.size()));
    }
  }
}
