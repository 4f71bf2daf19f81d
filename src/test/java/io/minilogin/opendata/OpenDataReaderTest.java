package io.minilogin.opendata;

import static io.minilogin.opendata.Encrypting.IV;
import static io.minilogin.opendata.Encrypting.KEY;
import static io.minilogin.opendata.Encrypting.OTHER_KEY;
import static io.minilogin.opendata.Encrypting.encrypted;
import static io.minilogin.opendata.Encrypting.encryptedAsIs;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.minilogin.OfficialSample;
import io.minilogin.app.Secret;
import io.minilogin.async.SettableClock;
import io.minilogin.http.StrictMapper;
import io.minilogin.problem.Problem;
import io.minilogin.problem.ProblemException;
import io.minilogin.problem.ProblemType;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.GenerationMode;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class OpenDataReaderTest {
  private static final String APPID = OfficialSample.APPID;
  private static final ObjectMapper JSON = StrictMapper.create();

  private final SettableClock clock = new SettableClock();
  private final OpenDataReader reader = reader(Duration.ofMinutes(5), Duration.ZERO);

  // Data that is decrypted

  @Example
  void exampleOfWechatIsDecrypted() throws Exception {
    var opened = reader.read(sample(), APPID, List.of(KEY));
    assertThat(opened.unionid()).contains(OfficialSample.UNIONID);
    var object = JSON.readTree(opened.text());
    assertThat(object.path("openId").asText()).isEqualTo(OfficialSample.OPENID);
    assertThat(object.at("/watermark/timestamp").asLong()).isEqualTo(OfficialSample.TIMESTAMP);
  }

  @Example
  void plaintextIsReturnedUnchanged() {
    var text = "{ \"nickName\" : \"小明 \\u0041\",\"n\":1.50,\n" + watermark(APPID) + "}";
    assertThat(reader.read(encrypted(KEY, text), APPID, List.of(KEY)).text()).isEqualTo(text);
  }

  @Example
  void previousKeyIsTriedAfterTheCurrentKey() {
    var opened = reader.read(encrypted(KEY, ours()), APPID, List.of(OTHER_KEY, KEY));
    assertThat(opened.text()).isEqualTo(ours());
  }

  @Example
  void malformedUnionidIsIgnored() {
    for (var value : new String[] {"1", "null", "\"\"", "\"a b\"", "\"a\\r\\nX-WX-OPENID: b\""}) {
      var text = "{\"unionId\":" + value + "," + watermark(APPID) + "}";
      assertThat(reader.read(encrypted(KEY, text), APPID, List.of(KEY)).unionid()).isEmpty();
    }
  }

  // Data that only a lenient parser reads

  @Example
  void rawControlCharactersAndBrokenUtf8InAStringBecomeStrictJson() throws Exception {
    var expected =
        Map.ofEntries(
            Map.entry("a\nb\tc\u0000\u001f", "a\\u000ab\\u0009c\\u0000\\u001f"),
            Map.entry("cut \u00f0\u009f\u0098", "cut \ufffd"),
            Map.entry("\u00ff\\\"\u00fe", "\ufffd\\\"\ufffd"),
            // A surrogate in three bytes, as broken encoders write it
            Map.entry("\u00ed\u00a0\u00bd", "\ufffd"),
            Map.entry("\\ud83d x", "\\ufffd x"),
            Map.entry("\\uDE00\\uD83D", "\\ufffd\\ufffd"),
            Map.entry("\\ud83d\\ude00", "\\ud83d\\ude00"),
            Map.entry("\\\\ud83d", "\\\\ud83d"));
    for (var text : expected.entrySet()) {
      var before = "{ \"name\":\"";
      var after = "\",\n\t" + watermark(APPID) + "}";
      var plaintext = (before + text.getKey() + after).getBytes(ISO_8859_1);
      var opened = reader.read(encrypted(KEY, IV, plaintext), APPID, List.of(OTHER_KEY, KEY));
      assertThat(opened.text()).isEqualTo(before + text.getValue() + after);
      assertThat(JSON.readTree(opened.text()).at("/watermark/appid").asText()).isEqualTo(APPID);
    }
  }

  @Property
  void answerIsStrictJsonForAnyString(@ForAll byte[] bytes) throws Exception {
    var text = new String(bytes, ISO_8859_1).replaceAll("[\"\\\\]", "");
    var plaintext = ("{\"a\":\"" + text + "\"," + watermark(APPID) + "}").getBytes(ISO_8859_1);
    var opened = reader.read(encrypted(KEY, IV, plaintext), APPID, List.of(KEY));
    assertThat(JSON.readTree(opened.text()).path("a").isTextual()).isTrue();
  }

  @Example
  void unionidIsReadDespiteControlCharactersButNotFromBrokenUtf8() {
    var before = "{\"unionId\":\"u1\",\"name\":\"";
    for (var odd : Map.of("\n", Optional.of("u1"), "\u00ff", Optional.empty()).entrySet()) {
      var plaintext = (before + odd.getKey() + "\"," + watermark(APPID) + "}");
      var data = encrypted(KEY, IV, plaintext.getBytes(ISO_8859_1));
      assertThat(reader.read(data, APPID, List.of(KEY)).unionid()).isEqualTo(odd.getValue());
    }
  }

  @Example
  void watermarkIsCheckedInAPlaintextWithBrokenUtf8() {
    var plaintext = "{\"a\":\"\u00ff\"," + watermark(APPID + "\n") + "}";
    assertRejected(encrypted(KEY, IV, plaintext.getBytes(ISO_8859_1)), "app");
  }

  // Data without a matching key

  @Example
  void keysAreStaleIfNoneDecryptsTheData() {
    assertStale(encrypted(KEY, ours()), OTHER_KEY);
    assertStale(encrypted(KEY, ours()), OTHER_KEY, OTHER_KEY);
    assertStale(encrypted(KEY, ours()));
    assertStale(encrypted(KEY, ours()), new Secret("no key"));
  }

  @Example
  void duplicateFieldIsAccepted() {
    var twice = encrypted(KEY, "{\"a\":1,\"a\":2," + watermark(APPID) + "}");
    assertThatNoException().isThrownBy(() -> reader.read(twice, APPID, List.of(KEY)));
  }

  /** The problem is the same for a wrong padding and for a valid padding after nonsense. */
  @Example
  void nonJsonPlaintextLooksLikeWrongPadding() {
    var nonsense = problem(encrypted(KEY, "nonsense"), KEY);
    var wronglyPadded = problem(encryptedAsIs(KEY, new byte[32]), KEY);
    assertThat(nonsense).isEqualTo(wronglyPadded);
    assertThat(nonsense.type()).isEqualTo(ProblemType.SESSION_KEY_STALE);
    assertStale(encrypted(KEY, ""), KEY);
    assertStale(encrypted(KEY, ours() + "x"), KEY);
    assertStale(encrypted(KEY, "[".repeat(5000)), KEY);
    assertStale(encrypted(KEY, IV, "\u00ff{}".getBytes(ISO_8859_1)), KEY);
    assertStale(encrypted(KEY, "\u0000{}"), KEY);
  }

  @Example
  void jsonWithoutPaddingIsRejected() {
    var text = ours();
    var blocks = (text + " ".repeat(16 - text.length() % 16)).getBytes(UTF_8);
    assertStale(encryptedAsIs(KEY, blocks), KEY);
  }

  /**
   * Flips each bit in turn. A block of random bytes may be part of a string, but then the reader
   * takes no unionid from the data.
   */
  @Property(tries = 8 * 368, generation = GenerationMode.EXHAUSTIVE)
  void flippedBitOfTheCiphertextYieldsNoUnionid(@ForAll @IntRange(max = 8 * 368 - 1) int bit) {
    var ciphertext = sample().ciphertext();
    ciphertext[bit / 8] ^= (byte) (1 << bit % 8);
    var data = new EncryptedData(ciphertext, IV, Optional.empty());
    try {
      assertThat(reader.read(data, APPID, List.of(KEY)).unionid()).isEmpty();
    } catch (ProblemException e) {
      assertThat(e.problem().type())
          .isIn(ProblemType.SESSION_KEY_STALE, ProblemType.OPEN_DATA_REJECTED);
    }
  }

  @Property
  void anyCiphertextIsRejected(
      @ForAll @Size(min = 1, max = 8) List<@Size(16) byte[]> blocks,
      @ForAll @Size(16) byte[] iv,
      @ForAll String rawData,
      @ForAll String signature) {
    var ciphertext = new byte[16 * blocks.size()];
    for (int i = 0; i < blocks.size(); i++) {
      System.arraycopy(blocks.get(i), 0, ciphertext, 16 * i, 16);
    }
    var signed = new EncryptedData.Signed(rawData, signature);
    assertRefused(new EncryptedData(ciphertext, iv, Optional.of(signed)));
  }

  @Property
  void anyPlaintextWithoutAWatermarkIsRejected(@ForAll byte[] bytes, @ForAll String text) {
    assertRefused(encrypted(KEY, IV, bytes));
    assertRefused(encrypted(KEY, "{\"watermark\":" + text + "}"));
  }

  // Rejected data

  @Example
  void dataOfAnotherAppIsRejected() {
    assertRejected(encrypted(KEY, "{" + watermark("wx0") + "}"), "app");
    for (var watermark : new String[] {"1", "{}", "{\"appid\":1}", "[\"" + APPID + "\"]", "null"}) {
      assertRejected(encrypted(KEY, "{\"watermark\":" + watermark + "}"), "app");
    }
  }

  @Example
  void jsonWithoutAWatermarkObjectIsRejected() {
    for (var text : new String[] {"[]", "1", "\"text\"", "true", "null", "{}"}) {
      assertRejected(encrypted(KEY, text), "app");
    }
  }

  @Example
  void signatureMustMatchTheRawDataAndTheKey() {
    var raw = "{\"nickName\":\"小明\"}";
    var right = signature(raw, KEY);
    assertThatNoException()
        .isThrownBy(() -> reader.read(signed(raw, right), APPID, List.of(OTHER_KEY, KEY)));
    assertRejected(signed(raw + " ", right), "signature");
    assertRejected(signed(raw, right.substring(1)), "signature");
    assertRejected(signed(raw, ""), "signature");
    assertRejected(signed(raw, right.toUpperCase(Locale.ROOT)), "signature");
    assertRejected(signed(raw, signature(raw, OTHER_KEY)), "signature");
  }

  @Example
  void signatureByAForgottenKeyMeansStaleKeys() {
    var raw = "{}";
    assertStale(signed(raw, signature(raw, KEY)), OTHER_KEY);
  }

  // Age

  @Example
  void phoneNumberIsAcceptedForFiveMinutes() {
    assertThatNoException()
        .isThrownBy(() -> reader.read(encrypted(KEY, phone(300)), APPID, List.of(KEY)));
    assertRejected(encrypted(KEY, phone(301)), "old");
  }

  /** The name of the field is in the first block of the plaintext, which the iv can change. */
  @Example
  void phoneNumberIsRecognizedUnderAnotherName() {
    var text =
        phone(301).replace("{\"phoneNumber\":", "{\"phoneNumbes\":\"13\",\"purePhoneNumber\":");
    assertRejected(encrypted(KEY, text), "old");
  }

  @Example
  void phoneNumberWithoutATimestampIsTooOld() {
    for (var timestamp : new String[] {"null", "\"now\"", "{}", "1e30", "-9223372036854775808"}) {
      var text =
          "{\"phoneNumber\":\"1\",\"watermark\":{\"appid\":\"%s\",\"timestamp\":%s}}"
              .formatted(APPID, timestamp);
      assertRejected(encrypted(KEY, text), "old");
    }
  }

  @Example
  void maximumAgesAreConfigurable() {
    var strict = reader(Duration.ofMinutes(1), Duration.ofMinutes(2));
    assertThat(problem(strict, encrypted(KEY, phone(61)), KEY).detail()).contains("old");
    assertThat(problem(strict, sample(), KEY).detail()).contains("old");
    var lenient = reader(Duration.ZERO, Duration.ZERO);
    assertThatNoException()
        .isThrownBy(() -> lenient.read(encrypted(KEY, phone(999_999)), APPID, List.of(KEY)));
  }

  private void assertStale(EncryptedData data, Secret... keys) {
    assertThat(problem(data, keys).type()).isEqualTo(ProblemType.SESSION_KEY_STALE);
  }

  private void assertRejected(EncryptedData data, String why) {
    var problem = problem(data, KEY);
    assertThat(problem.type()).isEqualTo(ProblemType.OPEN_DATA_REJECTED);
    assertThat(problem.detail()).contains(why);
  }

  /** Only these two problems occur, and random data never passes the checks. */
  private void assertRefused(EncryptedData data) {
    assertThat(problem(data, KEY, OTHER_KEY).type())
        .isIn(ProblemType.SESSION_KEY_STALE, ProblemType.OPEN_DATA_REJECTED);
  }

  private Problem problem(EncryptedData data, Secret... keys) {
    return problem(reader, data, keys);
  }

  private static Problem problem(OpenDataReader reader, EncryptedData data, Secret... keys) {
    var thrown = new Problem[1];
    assertThatExceptionOfType(ProblemException.class)
        .isThrownBy(() -> reader.read(data, APPID, List.of(keys)))
        .satisfies(e -> thrown[0] = e.problem());
    return thrown[0];
  }

  private OpenDataReader reader(Duration phoneNumbers, Duration others) {
    return new OpenDataReader(MaxAges.watermark(phoneNumbers, others, clock));
  }

  private static EncryptedData sample() {
    return new EncryptedData(
        Base64.getDecoder().decode(OfficialSample.ENCRYPTED_DATA), IV.clone(), Optional.empty());
  }

  private static EncryptedData signed(String rawData, String signature) {
    var signed = new EncryptedData.Signed(rawData, signature);
    return new EncryptedData(encrypted(KEY, ours()).ciphertext(), IV, Optional.of(signed));
  }

  private static String ours() {
    return "{\"a\":1," + watermark(APPID) + "}";
  }

  private static String watermark(String appid) {
    return "\"watermark\":{\"appid\":\"" + appid + "\",\"timestamp\":1477314187}";
  }

  private String phone(long age) {
    return "{\"phoneNumber\":\"13012345678\",\"watermark\":{\"appid\":\"%s\",\"timestamp\":%d}}"
        .formatted(APPID, clock.instant().getEpochSecond() - age);
  }

  private static String signature(String rawData, Secret key) {
    try {
      var text = rawData + key.reveal();
      var hash = MessageDigest.getInstance("SHA-1").digest(text.getBytes(UTF_8));
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
