package io.minilogin.relay;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Request targets that try to reach a forbidden path by way of a listed path. */
public final class Traversals {
  private static final List<String> FORBIDDEN =
      List.of(
          "/cgi-bin/token",
          "/cgi-bin/stable_token",
          "/cgi-bin/clear_quota/v2",
          "/sns/jscode2session",
          "/cgi-bin/component/api_component_token",
          "/tcb/invokecloudfunction",
          "/wxa/checksession",
          "/wxa/resetusersessionkey");

  private static final List<String> LISTED = List.of("/wxa/", "/cgi-bin/message/");

  private Traversals() {}

  /** Returns the targets. All of them begin with {@code /wechat} and contain no space. */
  public static Stream<String> all() {
    return Stream.concat(
            FORBIDDEN.stream().flatMap(Traversals::spelled),
            FORBIDDEN.stream()
                .flatMap(path -> LISTED.stream().flatMap(listed -> past(listed, path))))
        .map(path -> "/wechat" + path);
  }

  private static Stream<String> spelled(String path) {
    var last = path.lastIndexOf('/');
    var character = path.charAt(2);
    return Stream.of(
        path + "/",
        path + "/x",
        path + "//",
        path + "/.",
        path + "/%2e",
        path + ";x=y",
        path + "%00",
        path + "%20",
        path + "%3f",
        path + "%23",
        path + "#",
        path.toUpperCase(Locale.ROOT),
        path.toUpperCase(Locale.ROOT) + "/x",
        "/" + path,
        "//" + path,
        "/." + path,
        "/%2e" + path,
        "/x/.." + path,
        "\\" + path,
        "%2f" + path.substring(1),
        path.substring(0, last) + "//" + path.substring(last + 1),
        path.substring(0, last) + "/./" + path.substring(last + 1),
        path.substring(0, last) + "/x/../" + path.substring(last + 1),
        path.substring(0, last) + "%2F" + path.substring(last + 1),
        path.substring(0, last) + "\\" + path.substring(last + 1),
        path.substring(0, 2) + "%%%02x".formatted((int) character) + path.substring(3),
        path.substring(0, 2) + "%%25%02x".formatted((int) character) + path.substring(3));
  }

  private static Stream<String> past(String listed, String path) {
    return Stream.of(
            "..",
            "../..",
            ".%2e/..",
            "%2e%2e/%2e%2e",
            "%2E./.%2E",
            "..%2f..",
            "..%5c..",
            "..\\..",
            "..;/..;",
            "..%252f..",
            "%252e%252e/%252e%252e",
            "%c0%ae%c0%ae/..",
            "..//..",
            ".../...",
            "x/../../..",
            "http://api.weixin.qq.com",
            "@evil.example",
            "..%00/..")
        .map(up -> listed + up + path);
  }
}
