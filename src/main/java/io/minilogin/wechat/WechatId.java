package io.minilogin.wechat;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The syntax of WeChat's ids: 1 to 128 printable ASCII characters, valid in an HTTP header. */
public final class WechatId {
  private static final Pattern ID = Pattern.compile("[!-~]{1,128}");

  private WechatId() {}

  /** Whether the text, which may be null, is a valid openid, unionid or session key. */
  public static boolean isValid(@Nullable String text) {
    return text != null && ID.matcher(text).matches();
  }
}
