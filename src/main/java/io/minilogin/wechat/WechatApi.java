package io.minilogin.wechat;

import io.quarkus.rest.client.reactive.ClientQueryParam;
import io.smallrye.mutiny.Multi;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import org.eclipse.microprofile.rest.client.inject.RegisterRestClient;
import org.jboss.resteasy.reactive.RestQuery;

/**
 * WeChat's HTTP interface. Bodies arrive as they come off the wire, in pieces, so that {@link
 * ReplyReader} can stop an endless one and read JSON whatever the Content-Type says: WeChat sends
 * it as {@code text/plain} without a charset.
 */
@RegisterRestClient(configKey = "wechat")
interface WechatApi {

  /**
   * Exchanges a code. Answers errors with status 200, too. The secret travels in the query string:
   * no exception, log or span of this call may leave this package.
   */
  @GET
  @Path("/sns/jscode2session")
  @ClientQueryParam(name = "grant_type", value = "authorization_code")
  Multi<byte[]> code2Session(
      @RestQuery String appid, @RestQuery String secret, @RestQuery("js_code") String code);
}
