package io.minilogin.observe;

import io.minilogin.problem.Problem;
import io.minilogin.problem.ProblemType;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Refuses requests for an app that is not configured, and warns the operator once a minute. Both
 * name the appid, because a wrong appid is a mistake that an operator or a developer must correct.
 * The appid is the caller's text: the service repeats it only if it looks like an appid, and it is
 * never part of the kind of the condition.
 */
@Singleton
public class UnknownApps {
  private static final Pattern PLAUSIBLE = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  private final Incidents incidents;

  UnknownApps(Incidents incidents) {
    this.incidents = incidents;
  }

  /** Returns the problem for a request that names this appid. */
  public Problem named(String appid) {
    var plausible = Optional.of(appid).filter(PLAUSIBLE.asMatchPredicate());
    incidents.tell(
        "A request names an app that is not configured",
        Fields.of(ProblemType.UNKNOWN_APP),
        Fields.none().and("app", plausible));
    return Problem.of(
        ProblemType.UNKNOWN_APP,
        plausible
            .map("The appid \"%s\" is not configured."::formatted)
            .orElse("This appid is not configured."));
  }

  /**
   * Returns the problem for a request that names no app although several are configured.
   *
   * @param detail tells the caller where to name the app
   */
  public Problem missing(String detail) {
    incidents.tell(
        "A request names no app, and several are configured", Fields.of(ProblemType.UNKNOWN_APP));
    return Problem.of(ProblemType.UNKNOWN_APP, detail);
  }
}
