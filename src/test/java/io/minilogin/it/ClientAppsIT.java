package io.minilogin.it;

import static io.minilogin.it.Codes.code;
import static io.minilogin.it.Problems.problem;
import static io.minilogin.it.Surroundings.APP;
import static io.minilogin.it.Surroundings.OTHER_APP;
import static org.hamcrest.Matchers.equalTo;

import io.minilogin.it.SharedService.Instances;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A client that acts for one of several apps cannot access users of the other apps. */
@ExtendWith(SharedService.class)
class ClientAppsIT {
  private final Client client;
  private final GatewayClient gateway;
  private final String ours;
  private final String theirs;

  ClientAppsIT(Instances instances) {
    client = instances.one().client();
    gateway = new GatewayClient(client, GatewayClient.ONE_APP_ID);
    ours = client.tokenFor(code(), APP.appid());
    theirs = client.tokenFor(code(), OTHER_APP.appid());
  }

  @Test
  void tokensOfOtherAppsAreInactive() {
    gateway.introspect(ours).then().statusCode(200).body("active", equalTo(true));
    gateway.introspect(theirs).then().statusCode(200).body("active", equalTo(false));
  }

  @Test
  void tokensOfOtherAppsAreNotRevoked() {
    gateway.revoke(ours).then().statusCode(200);
    gateway.revoke(theirs).then().statusCode(200);
    client.session(ours).then().statusCode(401);
    client.session(theirs).then().statusCode(200);
  }

  @Test
  void sessionsOfOtherAppsAreForbidden() {
    var openid = client.session(theirs).then().extract().<String>path("openid");
    gateway
        .sessions(OTHER_APP.appid(), openid)
        .then()
        .spec(problem("client-forbidden", 403, "none"));
    gateway
        .request()
        .delete("/users/" + OTHER_APP.appid() + "/" + openid + "/sessions")
        .then()
        .spec(problem("client-forbidden", 403, "none"));
    gateway
        .block(OTHER_APP.appid(), openid, "")
        .then()
        .spec(problem("client-forbidden", 403, "none"));
    client.session(theirs).then().statusCode(200);
    gateway
        .sessions(APP.appid(), client.session(ours).then().extract().path("openid"))
        .then()
        .statusCode(200);
  }
}
