package io.minilogin.push;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.minilogin.push.PushMessage.Format;

/** The body of the response to WeChat. */
record PushReply(String mediaType, byte[] body) {
  static final String SUCCESS = "success";
  static final String TEXT = "text/plain;charset=utf-8";

  /** Tells WeChat that the app took the event and does not reply to the user. */
  static final PushReply TAKEN = plain(SUCCESS.getBytes(UTF_8));

  /** Returns a reply that is not encrypted. Its media type follows from its first character. */
  static PushReply plain(byte[] body) {
    var text = new String(body, UTF_8).strip();
    var type =
        text.startsWith("<")
            ? Format.XML.mediaType()
            : text.startsWith("{") ? Format.JSON.mediaType() : TEXT;
    return new PushReply(type, body);
  }
}
