package io.minilogin.dev;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** Decrypts the data of a client as WeChat describes it, without code of the simulator. */
final class OpenedData {
  private OpenedData() {}

  static String text(String sessionKey, String encryptedData, String iv)
      throws GeneralSecurityException {
    var cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
    var key = new SecretKeySpec(Base64.getDecoder().decode(sessionKey), "AES");
    cipher.init(Cipher.DECRYPT_MODE, key, new IvParameterSpec(Base64.getDecoder().decode(iv)));
    return new String(cipher.doFinal(Base64.getDecoder().decode(encryptedData)), UTF_8);
  }

  static String text(String sessionKey, OpenData data) throws GeneralSecurityException {
    return text(sessionKey, data.encryptedData(), data.iv());
  }

  static JsonNode json(String text) throws Exception {
    return new ObjectMapper().readTree(text);
  }

  static String signature(String rawData, String sessionKey) throws GeneralSecurityException {
    var hash = MessageDigest.getInstance("SHA-1").digest((rawData + sessionKey).getBytes(UTF_8));
    return HexFormat.of().formatHex(hash);
  }
}
