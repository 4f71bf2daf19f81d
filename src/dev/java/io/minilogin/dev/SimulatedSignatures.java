package io.minilogin.dev;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Verifies signatures with session keys and with the app keys of virtual payment. */
final class SimulatedSignatures {
  /** The result of checking a signature with a session key. */
  enum Verdict {
    VALID,
    WRONG,
    /** The signature was made with the user's previous key. */
    STALE,
    /** WeChat has no session key of the user. */
    NO_KEY
  }

  private final SimulatedApps apps;
  private final SimulatedUsers users;

  SimulatedSignatures(SimulatedApps apps, SimulatedUsers users) {
    this.apps = apps;
    this.users = users;
  }

  Verdict verify(String appid, String openid, String data, String signature) {
    var current = users.sessionKey(appid, openid);
    if (current.isEmpty()) {
      return Verdict.NO_KEY;
    }
    if (sign(current.get(), data).equals(signature)) {
      return Verdict.VALID;
    }
    var isStale =
        users
            .previousSessionKey(appid, openid)
            .filter(key -> sign(key, data).equals(signature))
            .isPresent();
    return isStale ? Verdict.STALE : Verdict.WRONG;
  }

  boolean isPaySig(String appid, long env, String uri, String data, String paySig) {
    return sign(apps.keys(appid).payment(env), uri + "&" + data).equals(paySig);
  }

  /** Returns lower-case hex. The HMAC key is the text of the key, also if the text is base64. */
  static String sign(String key, String data) {
    try {
      var hmac = Mac.getInstance("HmacSHA256");
      hmac.init(new SecretKeySpec(key.getBytes(UTF_8), "HmacSHA256"));
      return HexFormat.of().formatHex(hmac.doFinal(data.getBytes(UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA256", e);
    }
  }
}
