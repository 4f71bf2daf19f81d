package io.minilogin.wechat;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What WeChat's ids look like: 1 to 128 printable ASCII characters, fit for an HTTP header. */
public final class WechatId {
  private static final Pattern ID = Pattern.compile("[!-~]{1,128}");

  private WechatId() {}

  /** Whether the text, which may be null, can be an openid, a unionid or a session key. */
  public static boolean isOne(@Nullable String text) {
    return text != null && ID.matcher(text).matches();
  }
}
