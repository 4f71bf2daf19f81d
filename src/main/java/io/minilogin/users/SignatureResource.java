package io.minilogin.users;

import io.minilogin.app.WechatApps;
import io.minilogin.clients.ClientAuthentication;
import io.minilogin.clients.Permission;
import io.minilogin.clients.Permitted;
import io.minilogin.signing.Signer;
import io.minilogin.signing.SigningRequest;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.jboss.resteasy.reactive.RestPath;

/**
 * {@code POST /users/{appid}/{openid}/signature}: signs data with the user's session key, and with
 * the app's payment key if there is a {@code uri}. Data of a blocked user are signed as well,
 * because a refund needs a signature.
 */
@Permitted(Permission.SIGN)
@Path("/users/{appid}/{openid}/signature")
class SignatureResource {
  private final Signer signer;
  private final WechatApps apps;
  private final ClientAuthentication authentication;
  private final NamedUsers users;

  SignatureResource(
      Signer signer, WechatApps apps, ClientAuthentication authentication, NamedUsers users) {
    this.signer = signer;
    this.apps = apps;
    this.authentication = authentication;
    this.users = users;
  }

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @Produces(MediaType.APPLICATION_JSON)
  public Uni<SignatureResponse> sign(
      @RestPath String appid, @RestPath String openid, SignatureRequest body) {
    var client = authentication.basic();
    var user = users.require(appid, openid, client);
    var keys = apps.find(appid).orElseThrow().paymentKeys();
    return signer
        .sign(
            client,
            appid,
            () -> {
              var request = SignatureRequest.checked(body);
              return SigningRequest.of(user, keys, request.data(), request.uri());
            })
        .map(SignatureResponse::of);
  }
}
