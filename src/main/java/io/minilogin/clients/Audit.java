package io.minilogin.clients;

import io.minilogin.observe.Fields;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Logs what clients do to users, under the name of this class: one line for each block that starts
 * or ends, one line for the sessions that a call ends, and one line for each signing. A line names
 * sessions by the ids that a client can list. It never names a user, and never has the reason of a
 * block or the data that were signed.
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

  /**
   * Logs that the client has blocked one user.
   *
   * @param time how long the block lasts; empty for a block without end
   */
  public static void blocked(Client client, String appid, Optional<Duration> time) {
    Fields.none()
        .and("client", client.id())
        .and("app", appid)
        .and("seconds", time.map(Duration::toSeconds).map(String::valueOf))
        .with(() -> LOG.info("A client has blocked a user"));
  }

  /** Logs that the client has lifted the block of one user. */
  public static void lifted(Client client, String appid) {
    Fields.none()
        .and("client", client.id())
        .and("app", appid)
        .with(() -> LOG.info("A client has lifted the block of a user"));
  }

  /**
   * Logs that the client has had data signed.
   *
   * @param purpose a text of low cardinality, such as a call of WeChat's API
   * @param signatures WeChat's names of the signatures that were made
   */
  public static void signed(Client client, String appid, String purpose, String signatures) {
    Fields.none()
        .and("client", client.id())
        .and("app", appid)
        .and("purpose", purpose)
        .and("signatures", signatures)
        .with(() -> LOG.info("A client has had data signed"));
  }
}
