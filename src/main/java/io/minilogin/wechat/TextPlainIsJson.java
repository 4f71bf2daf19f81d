package io.minilogin.wechat;

import jakarta.ws.rs.client.ClientRequestContext;
import jakarta.ws.rs.client.ClientResponseContext;
import jakarta.ws.rs.core.HttpHeaders;
import org.jboss.resteasy.reactive.client.impl.PreservesThreadClientResponseFilter;

/**
 * Sets the content type of WeChat's replies to JSON in UTF-8. WeChat sends such JSON as {@code
 * text/plain} without a charset. Replies that are not JSON fail to parse. The filter runs on the
 * event loop; a regular {@code ClientResponseFilter} would move each reply to a worker thread and
 * back.
 */
class TextPlainIsJson implements PreservesThreadClientResponseFilter {
  @Override
  public void filter(ClientRequestContext request, ClientResponseContext response) {
    // Without a response, the client calls filters as well, and headers are null.
    if (response.getHeaders() != null) {
      response.getHeaders().putSingle(HttpHeaders.CONTENT_TYPE, "application/json;charset=UTF-8");
    }
  }
}
