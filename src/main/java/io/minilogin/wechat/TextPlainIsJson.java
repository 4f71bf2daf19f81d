package io.minilogin.wechat;

import jakarta.ws.rs.client.ClientRequestContext;
import jakarta.ws.rs.client.ClientResponseContext;
import jakarta.ws.rs.client.ClientResponseFilter;
import jakarta.ws.rs.core.HttpHeaders;

/**
 * WeChat sends JSON in UTF-8 and calls it {@code text/plain}, without a charset. What isn't JSON
 * fails to parse.
 */
class TextPlainIsJson implements ClientResponseFilter {
  @Override
  public void filter(ClientRequestContext request, ClientResponseContext response) {
    // Filters are called, without headers, also when there was no response.
    if (response.getHeaders() != null) {
      response.getHeaders().putSingle(HttpHeaders.CONTENT_TYPE, "application/json;charset=UTF-8");
    }
  }
}
