package io.minilogin.users;

import io.minilogin.app.WechatApps;
import io.minilogin.clients.Client;
import io.minilogin.clients.ClientAuthentication;
import io.minilogin.observe.UnknownApps;
import io.minilogin.problem.Problem;
import io.minilogin.problem.ProblemException;
import io.minilogin.problem.ProblemType;
import io.minilogin.session.UserId;
import jakarta.inject.Singleton;
import java.util.regex.Pattern;

/** Checks the user that a client names in the path. */
@Singleton
class NamedUsers {
  /** Real openids have 28 characters. U+FFFD stands for bytes that are not UTF-8. */
  private static final Pattern OPENID = Pattern.compile("[^\\p{C}\uFFFD]{1,128}");

  private final WechatApps apps;
  private final ClientAuthentication authentication;
  private final UnknownApps unknown;

  NamedUsers(WechatApps apps, ClientAuthentication authentication, UnknownApps unknown) {
    this.apps = apps;
    this.authentication = authentication;
    this.unknown = unknown;
  }

  /**
   * Returns the user.
   *
   * @throws ProblemException 400 if the openid is invalid or the app is not configured, 403 if the
   *     client may not act for the app
   */
  UserId require(String appid, String openid, Client client) {
    if (!OPENID.matcher(openid).matches()) {
      throw new ProblemException(
          Problem.of(
              ProblemType.INVALID_REQUEST,
              "The openid has over 128 characters or invalid characters."));
    }
    if (apps.find(appid).isEmpty()) {
      throw new ProblemException(unknown.named(appid));
    }
    authentication.requireApp(client, appid);
    return new UserId(appid, openid);
  }
}
