package io.minilogin.dev;

import io.minilogin.dev.WechatSimulator.Request;
import io.vertx.core.http.HttpMethod;
import java.util.HashMap;
import java.util.Map;

/** All calls except code2Session. {@code others} answers paths without an implementation. */
final class SimulatedCalls {
  /** Paths below this prefix are not part of WeChat's API. */
  private static final String FOR_DEVELOPERS = "/simulator/";

  private interface Call {
    Answer answer(Request request);
  }

  private record Endpoint(HttpMethod method, Call call) {}

  private final Map<String, Endpoint> endpoints = new HashMap<>();
  private final Provocations provocations = new Provocations();
  private final SimulatedAccessTokens tokens;
  private final SimulatedReplies replies;
  private final Call others;

  /**
   * @param posts the POST calls by their paths
   * @param others answers all other paths
   */
  SimulatedCalls(
      SimulatedAccessTokens tokens,
      SimulatedReplies replies,
      SimulatedStableToken stableToken,
      SimulatedPhoneNumbers phoneNumbers,
      SimulatedSessionKeyCalls sessionKeys,
      SimulatedClientApi client,
      SimulatedVirtualPayment payment,
      SimulatedBackend backend,
      Map<String, CallOfApp> posts,
      CallOfApp others) {
    this.tokens = tokens;
    this.replies = replies;
    this.others = withAccessToken(others);
    endpoints.putAll(
        Map.of(
            FOR_DEVELOPERS + "login",
            get(client::login),
            "/cgi-bin/stable_token",
            post(stableToken::answer),
            "/wxa/business/getuserphonenumber",
            post(withAccessToken(phoneNumbers::answer)),
            "/wxa/checksession",
            get(withAccessToken(sessionKeys::check)),
            "/wxa/resetusersessionkey",
            get(withAccessToken(sessionKeys::reset)),
            FOR_DEVELOPERS + "user-info",
            get(client::userInfo),
            FOR_DEVELOPERS + "phone-number",
            get(client::phoneNumber),
            FOR_DEVELOPERS + "open-data",
            post(client::openData)));
    endpoints.put(FOR_DEVELOPERS + "virtual-payment", post(payment::pay));
    endpoints.put(SimulatedBackend.EVENTS, post(backend::take));
    endpoints.put(SimulatedBackend.TAKEN, get(backend::taken));
    posts.forEach((path, call) -> endpoints.put(path, post(withAccessToken(call))));
  }

  void provoke(String path, String words) {
    if (path.equals(SimulatedDispatch.CODE2SESSION) || !path.startsWith("/")) {
      throw new IllegalArgumentException("cannot be provoked: " + path);
    }
    provocations.set(path, words);
  }

  /** With a provoked errcode the call is not carried out; with other words it is. */
  Answer answer(Request request) {
    var words = provocations.next(request.path());
    var errcode = words.number("errcode");
    return errcode.isPresent()
        ? replies.error(errcode.getAsLong(), words)
        : unprovoked(request).sentAs(words);
  }

  private Answer unprovoked(Request request) {
    var endpoint = endpoints.get(request.path());
    if (endpoint == null) {
      return isForDevelopers(request.path()) ? Answer.empty(404) : others.answer(request);
    }
    if (endpoint.method().name().equals(request.method())) {
      return endpoint.call().answer(request);
    }
    return isForDevelopers(request.path()) ? Answer.empty(405) : wrongMethod(endpoint);
  }

  static boolean isForDevelopers(String path) {
    return path.startsWith(FOR_DEVELOPERS);
  }

  private Answer wrongMethod(Endpoint endpoint) {
    var errcode = endpoint.method().equals(HttpMethod.GET) ? 43001 : 43002;
    return replies.error(errcode, SimulatedCode.SILENT);
  }

  private Call withAccessToken(CallOfApp call) {
    return request -> {
      var token = request.first("access_token");
      return replies.unless(tokens.refusal(token), () -> call.answer(tokens.appid(token), request));
    };
  }

  private static Endpoint get(Call call) {
    return new Endpoint(HttpMethod.GET, call);
  }

  private static Endpoint post(Call call) {
    return new Endpoint(HttpMethod.POST, call);
  }
}
