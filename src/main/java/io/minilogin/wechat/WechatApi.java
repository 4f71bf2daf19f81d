package io.minilogin.wechat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.rest.client.reactive.ClientQueryParam;
import io.quarkus.rest.client.reactive.jackson.ClientObjectMapper;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import org.eclipse.microprofile.rest.client.annotation.RegisterProvider;
import org.eclipse.microprofile.rest.client.inject.RegisterRestClient;
import org.jboss.resteasy.reactive.RestQuery;

/**
 * WeChat's HTTP API. {@link WechatConnection} limits the size of replies. Errors have status 200 as
 * well. Secrets, codes and access tokens travel in query strings: no exception, log or span of
 * these calls may leave this package.
 */
@RegisterRestClient(configKey = "wechat")
@RegisterProvider(TextPlainIsJson.class)
interface WechatApi extends AutoCloseable {
  String CODE2_SESSION = "/sns/jscode2session";

  @ClientObjectMapper
  static ObjectMapper lenient(ObjectMapper ofQuarkus) {
    return LenientJson.mapper();
  }

  @Override
  void close();

  /** Exchanges a code. The call needs no access token. */
  @GET
  @Path(CODE2_SESSION)
  @ClientQueryParam(name = "grant_type", value = "authorization_code")
  Uni<Code2SessionReply> code2Session(
      @RestQuery String appid, @RestQuery String secret, @RestQuery("js_code") String code);

  /**
   * Returns an app's access token. WeChat returns the same token until 5 minutes before it expires,
   * unless a refresh is forced.
   */
  @POST
  @Path("/cgi-bin/stable_token")
  Uni<StableTokenReply> stableToken(StableTokenRequest request);

  /** Returns the phone number for a code. WeChat answers a chunked body with 412. */
  @POST
  @Path("/wxa/business/getuserphonenumber")
  Uni<PhoneNumberReply> phoneNumber(
      @RestQuery("access_token") String token, UserPhoneNumberRequest code);

  /** Checks whether a session key is still valid, with a {@link WechatSignature}. */
  @GET
  @Path("/wxa/checksession")
  @ClientQueryParam(name = "sig_method", value = WechatSignature.METHOD)
  Uni<CheckSessionReply> checkSession(
      @RestQuery("access_token") String token,
      @RestQuery String openid,
      @RestQuery String signature);

  /** Replaces a session key, with a {@link WechatSignature} made with the current key. */
  @GET
  @Path("/wxa/resetusersessionkey")
  @ClientQueryParam(name = "sig_method", value = WechatSignature.METHOD)
  Uni<ResetSessionKeyReply> resetSessionKey(
      @RestQuery("access_token") String token,
      @RestQuery String openid,
      @RestQuery String signature);
}
