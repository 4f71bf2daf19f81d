package io.minilogin.opendata;

import io.minilogin.session.SessionPrincipal;
import io.minilogin.wechat.PhoneNumber;
import io.minilogin.wechat.WechatGateway;
import io.quarkus.security.Authenticated;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

/**
 * {@code POST /session/phone-number}: the number behind the code that the phone number button gave.
 *
 * @see <a
 *     href="https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/user-info/phone-number/getPhoneNumber.html">getPhoneNumber</a>
 */
@Authenticated
@Path("/session/phone-number")
class PhoneNumberResource {
  private final WechatGateway wechat;
  private final UserCalls calls;
  private final SecurityIdentity caller;

  PhoneNumberResource(WechatGateway wechat, UserCalls calls, SecurityIdentity caller) {
    this.wechat = wechat;
    this.calls = calls;
    this.caller = caller;
  }

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @Produces(MediaType.APPLICATION_JSON)
  public Uni<RestResponse<PhoneNumber>> phoneNumber(PhoneNumberRequest body) {
    var code = PhoneNumberRequest.code(body);
    var user = SessionPrincipal.of(caller).session();
    var number = calls.make(user, (app, token) -> wechat.phoneNumber(app, token, code));
    return calls.ended(user, "phone-number", number).map(PhoneNumberResource::notStored);
  }

  private static RestResponse<PhoneNumber> notStored(PhoneNumber number) {
    return ResponseBuilder.ok(number).header(HttpHeaders.CACHE_CONTROL, "no-store").build();
  }
}
