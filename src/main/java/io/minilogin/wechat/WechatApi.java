package io.minilogin.wechat;

import io.quarkus.rest.client.reactive.ClientQueryParam;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import org.eclipse.microprofile.rest.client.annotation.RegisterProvider;
import org.eclipse.microprofile.rest.client.inject.RegisterRestClient;
import org.jboss.resteasy.reactive.RestQuery;

/** WeChat's HTTP interface. {@link ReplyLimit} bounds what it may answer. */
@RegisterRestClient(configKey = "wechat")
@RegisterProvider(TextPlainIsJson.class)
interface WechatApi {

  /**
   * Exchanges a code. Answers errors with status 200, too. The secret travels in the query string:
   * no exception, log or span of this call may leave this package.
   */
  @GET
  @Path("/sns/jscode2session")
  @ClientQueryParam(name = "grant_type", value = "authorization_code")
  Uni<Code2SessionReply> code2Session(
      @RestQuery String appid, @RestQuery String secret, @RestQuery("js_code") String code);
}
