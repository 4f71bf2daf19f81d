package io.minilogin.wechat;

import jakarta.ws.rs.client.ClientRequestContext;
import jakarta.ws.rs.client.ClientResponseContext;
import jakarta.ws.rs.core.HttpHeaders;
import org.jboss.resteasy.reactive.client.impl.PreservesThreadClientResponseFilter;

/**
 * WeChat sends JSON in UTF-8 and calls it {@code text/plain}, without a charset. What isn't JSON
 * fails to parse. Runs on the event loop: for a filter of the usual type each reply would go to a
 * worker thread and back.
 */
class TextPlainIsJson implements PreservesThreadClientResponseFilter {
  @Override
  public void filter(ClientRequestContext request, ClientResponseContext response) {
    // Filters are called, without headers, also when there was no response.
    if (response.getHeaders() != null) {
      response.getHeaders().putSingle(HttpHeaders.CONTENT_TYPE, "application/json;charset=UTF-8");
    }
  }
}
