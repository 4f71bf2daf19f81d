package io.minilogin.push;

import static io.minilogin.problem.RequiredField.invalid;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.minilogin.push.PushMessage.Format;
import io.minilogin.seal.Sha256;
import io.minilogin.session.UserId;
import io.minilogin.wechat.WechatId;
import java.util.Base64;
import java.util.Optional;

/**
 * A verified event, or another message of a user.
 *
 * @param name the field {@code Event}, or {@code MsgType} of a message without it
 * @param content the message as WeChat sent or encrypted it
 * @param envelope the format of the request, which a reply has as well
 * @param sealing encrypts and signs a reply; empty if the event came unencrypted
 */
record PushEvent(
    String appid,
    String name,
    PushMessage message,
    byte[] content,
    Format envelope,
    Optional<ReplySealing> sealing) {
  /** The user has deleted the account of the app, whose data the app must delete. */
  static final String CANCELLATION = "user_authorization_cancellation";

  /**
   * Returns the event.
   *
   * @throws io.minilogin.problem.ProblemException 400 if the event has no name or an invalid user
   */
  static PushEvent of(
      String appid,
      PushMessage message,
      byte[] content,
      Format envelope,
      Optional<ReplySealing> sealing) {
    var name =
        message
            .field("Event")
            .or(() -> message.field("MsgType"))
            .orElseThrow(() -> invalid("The message has neither \"Event\" nor \"MsgType\"."));
    var event = new PushEvent(appid, name, message, content, envelope, sealing);
    if (!event.user().map(WechatId::isValid).orElse(true)) {
      throw invalid("\"OpenID\" or \"FromUserName\" has over 128 or invalid characters.");
    }
    if (event.isCancellation() && event.openid().isEmpty()) {
      throw invalid("The field \"OpenID\" is missing.");
    }
    return event;
  }

  boolean isCancellation() {
    return name.equals(CANCELLATION);
  }

  /** Returns the user whom the event is about. For some events, the sender is a fixed name. */
  Optional<String> user() {
    return openid().or(() -> message.field("FromUserName"));
  }

  /** Returns the user who leaves the app. */
  UserId leaving() {
    return new UserId(appid, openid().orElseThrow());
  }

  private Optional<String> openid() {
    return message.field("OpenID");
  }

  /**
   * Returns a hash that an event and its repeats have in common: of the MsgId or, if the message
   * has none, of the message.
   */
  String hash() {
    var id = message.field("MsgId").filter(text -> !text.equals("0"));
    return id.map(text -> Sha256.base64Url(appid + "\0id\0" + text))
        .orElseGet(
            () ->
                Sha256.base64Url(
                    appid + '\0' + Base64.getEncoder().encodeToString(Sha256.of(content))));
  }

  /** Returns the reply to WeChat for this answer of the backend. */
  PushReply reply(byte[] answer) {
    var text = new String(answer, UTF_8).strip();
    return sealing.isEmpty() || text.isEmpty() || text.equals(PushReply.SUCCESS)
        ? PushReply.plain(answer)
        : sealing.get().seal(answer, this);
  }

  @Override
  public String toString() {
    return "PushEvent";
  }
}
