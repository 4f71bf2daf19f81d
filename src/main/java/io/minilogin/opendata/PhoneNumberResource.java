package io.minilogin.opendata;

import io.minilogin.problem.Action;
import io.minilogin.session.Caller;
import io.minilogin.session.WithSession;
import io.minilogin.wechat.PhoneNumber;
import io.minilogin.wechat.WechatGateway;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/**
 * {@code POST /session/phone-number}: returns the phone number for a code of the phone number
 * button.
 *
 * @see <a
 *     href="https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/user-info/phone-number/getPhoneNumber.html">getPhoneNumber</a>
 */
@WithSession
@Path("/session/phone-number")
class PhoneNumberResource {
  private final WechatGateway wechat;
  private final UserCalls calls;
  private final Caller caller;

  PhoneNumberResource(WechatGateway wechat, UserCalls calls, Caller caller) {
    this.wechat = wechat;
    this.calls = calls;
    this.caller = caller;
  }

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @Produces(MediaType.APPLICATION_JSON)
  public Uni<PhoneNumber> phoneNumber(PhoneNumberRequest body) {
    var code = PhoneNumberRequest.checked(body);
    var user = caller.session();
    var number =
        calls.make(
            user,
            "phone-number",
            (app, token) -> wechat.phoneNumber(app, token, user.user().openid(), code));
    return UserCalls.ended(Action.NEW_CODE, number);
  }
}
