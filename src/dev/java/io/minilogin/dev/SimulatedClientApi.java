package io.minilogin.dev;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.minilogin.dev.WechatSimulator.Request;
import java.time.Duration;
import java.util.NoSuchElementException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The client API of a mini program, for developers without a WeChat client. The paths are below
 * {@code /simulator/}. All but {@code login} need a user who has logged in.
 */
final class SimulatedClientApi {
  private static final Pattern AGE = Pattern.compile("-?\\d{1,9}");

  /** The mini program on a user's phone. */
  private record Client(String appid, String user, Duration age) {}

  private final SimulatedApps apps;
  private final SimulatedProfiles profiles;
  private final OpenDataMint mint;

  SimulatedClientApi(SimulatedApps apps, SimulatedProfiles profiles, OpenDataMint mint) {
    this.apps = apps;
    this.profiles = profiles;
    this.mint = mint;
  }

  /** {@code wx.login}: returns a new code. The user need not have logged in. */
  Answer login(Request request) {
    var user = request.first("user");
    if (user.isEmpty() || user.contains(".")) {
      return Answer.line(400, "the parameter user is missing or contains a dot");
    }
    var words = request.first("words").isEmpty() ? "" : "." + request.first("words");
    return Answer.json(Json.object().put("errMsg", "login:ok").put("code", newCode(user) + words));
  }

  /** {@code wx.getUserInfo} with credentials. */
  Answer userInfo(Request request) {
    return onClient(
        request,
        client -> {
          var data = mint.userInfo(client.appid(), client.user(), client.age());
          var reply = Json.object().put("errMsg", "getUserInfo:ok");
          data.rawData().ifPresent(text -> reply.put("rawData", text));
          reply.set("userInfo", profiles.userInfo(client.user()));
          data.signature().ifPresent(text -> reply.put("signature", text));
          return addTo(reply, data);
        });
  }

  /** The phone-number button: returns a new code, and the number as open data. */
  Answer phoneNumber(Request request) {
    return onClient(
        request,
        client -> {
          var reply =
              Json.object().put("errMsg", "getPhoneNumber:ok").put("code", newCode(client.user()));
          return addTo(reply, mint.phoneNumber(client.appid(), client.user(), client.age()));
        });
  }

  /** Any other API: encrypts the body, and adds a watermark unless the body has one. */
  Answer openData(Request request) {
    var body = Json.parse(request.body());
    if (body.isEmpty()) {
      return Answer.line(400, "the body must be a JSON object");
    }
    return onClient(
        request,
        client -> {
          var plaintext = body.get();
          plaintext.putIfAbsent("watermark", profiles.watermark(client.appid(), client.age()));
          return addTo(
              Json.object(), mint.encrypt(client.appid(), client.user(), plaintext.toString()));
        });
  }

  private Answer onClient(Request request, Function<Client, ObjectNode> api) {
    var user = request.first("user");
    if (user.isEmpty()) {
      return Answer.line(400, "the parameter user is missing");
    }
    var age = request.first("age").isEmpty() ? "0" : request.first("age");
    if (!AGE.matcher(age).matches()) {
      return Answer.line(400, "the parameter age must be a number of seconds");
    }
    var appid = request.first("appid").isEmpty() ? apps.first() : request.first("appid");
    try {
      var client = new Client(appid, user, Duration.ofSeconds(Long.parseLong(age)));
      return Answer.json(api.apply(client));
    } catch (NoSuchElementException e) {
      return Answer.line(
          404, "%1$s has no session key in %2$s: log in first".formatted(user, appid));
    }
  }

  private static String newCode(String user) {
    return user + ".%08x".formatted(ThreadLocalRandom.current().nextInt());
  }

  private static ObjectNode addTo(ObjectNode reply, OpenData data) {
    return reply.put("encryptedData", data.encryptedData()).put("iv", data.iv());
  }
}
