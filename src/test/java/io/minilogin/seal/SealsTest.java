package io.minilogin.seal;

import static org.assertj.core.api.Assertions.assertThat;

import io.minilogin.app.ConfiguredApps;
import io.minilogin.app.Secret;
import io.minilogin.seal.Seals.Unsealed;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SealsTest {
  private static final String SHOP = "wx1111111111111111";
  private static final String GAME = "wx2222222222222222";
  private static final String KEY = "ml:s:key";
  private static final byte[] VALUE = bytes("openid-of-alice-and-more");

  private final Seals seals = new Seals(ConfiguredApps.two(SHOP, GAME));

  // Values that are unsealed

  @ParameterizedTest
  @EnumSource
  void sealedValueIsUnsealed(Purpose purpose) {
    var opened = seals.unseal(purpose, KEY, seals.seal(SHOP, purpose, KEY, VALUE)).orElseThrow();
    assertThat(opened.appid()).isEqualTo(SHOP);
    assertThat(opened.plaintext()).isEqualTo(VALUE);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 15, 16, 17, 1000})
  void valuesOfAnyLengthAreUnsealed(int length) {
    var value = new byte[length];
    assertThat(unseal(seal(value))).get().extracting(Unsealed::plaintext).isEqualTo(value);
  }

  @Test
  void instanceUnsealsValuesOfAnotherInstance() {
    var other = new Seals(ConfiguredApps.one(SHOP, "500b5ec2e7a1b2c3d4e5f60718293a4b"));
    assertThat(other.unseal(Purpose.SESSION, KEY, seal(VALUE))).isPresent();
  }

  @Test
  void unsealedValueNamesTheAppThatSealedIt() {
    var sealed = seals.seal(GAME, Purpose.SESSION, KEY, VALUE);
    assertThat(unseal(sealed)).get().extracting(Unsealed::appid).isEqualTo(GAME);
  }

  /** Sessions outlive an update, so the format must not change without a new label. */
  @Test
  void formatIsStable() {
    var sealed =
        HexFormat.of()
            .parseHex(
                "4feec246cd25a96055b5b5e1956368b105dc1a63ca178f5552418c1d09785247"
                    + "11ae8504c4dc08f9e3d05d64885868f7164e2f9cdfc7f384");
    var seal = new AppSeal(SHOP, new Secret("shop-secret"));
    assertThat(seal.unseal(Purpose.SESSION, KEY, sealed)).contains(VALUE);
    assertThat(seal.seal(Purpose.SESSION, KEY, VALUE)).isEqualTo(sealed);
  }

  // Values that are not unsealed

  @Test
  void valueMovedToAnotherKeyIsNotUnsealed() {
    assertThat(seals.unseal(Purpose.SESSION, "ml:s:other", seal(VALUE))).isEmpty();
    assertThat(seals.unseal(Purpose.SESSION, KEY + "2", seal(VALUE))).isEmpty();
    assertThat(seals.unseal(Purpose.SESSION, "", seal(VALUE))).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void valueOfAnotherPurposeIsNotUnsealed(Purpose purpose) {
    var sealed = seals.seal(SHOP, purpose, KEY, VALUE);
    for (var other : Purpose.values()) {
      assertThat(seals.unseal(other, KEY, sealed).isPresent()).isEqualTo(other == purpose);
    }
  }

  @Test
  void valueOfAnUnknownAppIsNotUnsealed() {
    var stranger =
        new Seals(ConfiguredApps.one("wx3333333333333333", "500b5ec2e7a1b2c3d4e5f60718293a4b"));
    assertThat(unseal(stranger.seal("wx3333333333333333", Purpose.SESSION, KEY, VALUE))).isEmpty();
  }

  @Test
  void valueUnderAnotherSecretIsNotUnsealed() {
    var forger = new Seals(ConfiguredApps.one(SHOP, "guessed-secret-of-32-characters"));
    assertThat(unseal(forger.seal(SHOP, Purpose.SESSION, KEY, VALUE))).isEmpty();
  }

  @Test
  void forgeryWithTheKeyIdOfAnotherSecretIsNotUnsealed() {
    var forged =
        new Seals(ConfiguredApps.one(SHOP, "guessed-secret-of-32-characters"))
            .seal(SHOP, Purpose.SESSION, KEY, VALUE);
    System.arraycopy(seal(VALUE), 0, forged, 0, 4);
    assertThat(unseal(forged)).isEmpty();
  }

  @Test
  void valueWithAFlippedBitIsNotUnsealed() {
    var sealed = seal(VALUE);
    for (int bit = 0; bit < sealed.length * 8; bit++) {
      var forged = sealed.clone();
      forged[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(unseal(forged)).as("bit %d", bit).isEmpty();
    }
  }

  @Test
  void truncatedOrExtendedValueIsNotUnsealed() {
    var sealed = seal(VALUE);
    for (int length = 0; length < sealed.length; length++) {
      assertThat(unseal(Arrays.copyOf(sealed, length))).as("%d bytes", length).isEmpty();
    }
    assertThat(unseal(Arrays.copyOf(sealed, sealed.length + 1))).isEmpty();
  }

  @Test
  void garbageIsNotUnsealed() {
    assertThat(unseal(new byte[0])).isEmpty();
    assertThat(unseal(new byte[1000])).isEmpty();
    assertThat(unseal(bytes("{\"openid\":\"alice\",\"appid\":\"wx1111111111111111\"}"))).isEmpty();
  }

  // Sealed bytes

  @Test
  void sealingIsDeterministic() {
    var restarted = new Seals(ConfiguredApps.one(SHOP, "500b5ec2e7a1b2c3d4e5f60718293a4b"));
    assertThat(seal(VALUE)).isEqualTo(seal(VALUE));
    assertThat(restarted.seal(SHOP, Purpose.SESSION, KEY, VALUE)).isEqualTo(seal(VALUE));
  }

  @Test
  void noncesAreUnique() {
    var nonces = new HashSet<String>();
    int count = 0;
    for (var appid : new String[] {SHOP, GAME}) {
      for (var purpose : Purpose.values()) {
        for (var key : new String[] {"ml:s:1", "ml:s:12", "ml:s:2"}) {
          for (var value : new String[] {"", "2", "a", "b", "2a"}) {
            nonces.add(nonce(seals.seal(appid, purpose, key, bytes(value))));
            count++;
          }
        }
      }
    }
    assertThat(nonces).hasSize(count);
  }

  @Test
  void boundaryBetweenKeyAndValueChangesTheNonce() {
    assertThat(nonce(seals.seal(SHOP, Purpose.SESSION, "ml:s:1", bytes("2"))))
        .isNotEqualTo(nonce(seals.seal(SHOP, Purpose.SESSION, "ml:s:12", bytes(""))));
  }

  @Test
  void sealedBytesDoNotContainThePlaintext() {
    var sealed = new String(seal(VALUE), StandardCharsets.ISO_8859_1);
    for (int i = 0; i + 4 <= VALUE.length; i++) {
      assertThat(sealed)
          .doesNotContain(new String(VALUE, i, 4, StandardCharsets.ISO_8859_1))
          .doesNotContain(Base64.getEncoder().encodeToString(Arrays.copyOfRange(VALUE, i, i + 3)));
    }
  }

  // Rotation of the app secret

  private static final String OLD = "old-secret-of-16-chars";
  private static final String NEW = "new-secret-of-16-chars";

  /** Instances with the old secret, both, both after the delay, and the new secret. */
  private final Seals before = new Seals(ConfiguredApps.one(SHOP, OLD));

  private final Seals delayed = new Seals(ConfiguredApps.rotated(SHOP, OLD, NEW));

  private final Seals switched =
      ConfiguredSeals.afterTheDelay(ConfiguredApps.rotated(SHOP, OLD, NEW));

  private final Seals after = new Seals(ConfiguredApps.one(SHOP, NEW));

  @Test
  void previousSecretSealsUntilTheDelayEnds() {
    var sealed = delayed.seal(SHOP, Purpose.SESSION, KEY, VALUE);
    assertThat(before.unseal(Purpose.SESSION, KEY, sealed)).isPresent();
    assertThat(after.unseal(Purpose.SESSION, KEY, sealed)).isEmpty();
    assertThat(delayed.delayed()).containsExactly(SHOP);
  }

  @Test
  void newSecretSealsAfterTheDelay() {
    var sealed = switched.seal(SHOP, Purpose.SESSION, KEY, VALUE);
    assertThat(before.unseal(Purpose.SESSION, KEY, sealed)).isEmpty();
    assertThat(after.unseal(Purpose.SESSION, KEY, sealed)).isPresent();
    assertThat(switched.delayed()).isEmpty();
  }

  @Test
  void instanceWithBothSecretsUnsealsValuesOfBoth() {
    for (var instance : List.of(delayed, switched)) {
      for (var other : List.of(before, delayed, switched, after)) {
        var sealed = other.seal(SHOP, Purpose.SESSION, KEY, VALUE);
        assertThat(instance.unseal(Purpose.SESSION, KEY, sealed))
            .get()
            .extracting(Unsealed::plaintext)
            .isEqualTo(VALUE);
      }
    }
  }

  @Test
  void valuesUnderThePreviousSecretAreOutdatedAfterTheDelay() {
    var old = before.seal(SHOP, Purpose.SESSION, KEY, VALUE);
    var current = after.seal(SHOP, Purpose.SESSION, KEY, VALUE);
    assertThat(switched.isOutdated(old)).isTrue();
    assertThat(switched.isOutdated(current)).isFalse();
    assertThat(delayed.isOutdated(old)).isFalse();
    assertThat(delayed.isOutdated(current)).isFalse();
    assertThat(before.isOutdated(old)).isFalse();
  }

  @Test
  void unknownSecretDoesNotSeal() {
    delayed.sealUnder(SHOP, "00000000");
    assertThat(delayed.delayed()).containsExactly(SHOP);
  }

  private static final String NEWEST = "newest-secret-of-16-chars";

  @Test
  void secretsAreListedNewestFirst() {
    var seals = new Seals(ConfiguredApps.rotated(SHOP, NEW + "," + OLD, NEWEST));
    assertThat(seals.secretIds(SHOP).subList(1, 3)).isEqualTo(delayed.secretIds(SHOP));
    assertThat(seals.inUse(SHOP)).isEqualTo(delayed.secretIds(SHOP).get(0));
  }

  @Test
  void onlyValuesOfOlderSecretsAreOutdated() {
    var seals = new Seals(ConfiguredApps.rotated(SHOP, NEW + "," + OLD, NEWEST));
    var newest = new Seals(ConfiguredApps.one(SHOP, NEWEST));
    assertThat(seals.isOutdated(before.seal(SHOP, Purpose.SESSION, KEY, VALUE))).isTrue();
    assertThat(seals.isOutdated(after.seal(SHOP, Purpose.SESSION, KEY, VALUE))).isFalse();
    assertThat(seals.isOutdated(newest.seal(SHOP, Purpose.SESSION, KEY, VALUE))).isFalse();
  }

  @Test
  void droppedSecretUnsealsUntilItIsForgotten() {
    var apps = ConfiguredApps.rotated(SHOP, OLD, NEW);
    var seals = new Seals(apps);
    var old = before.seal(SHOP, Purpose.SESSION, KEY, VALUE);
    seals.sealUnder(SHOP, seals.secretIds(SHOP).get(0));
    ConfiguredApps.change(apps, NEW, NEWEST, false);
    assertThat(seals.dropped(SHOP)).isEqualTo(before.secretIds(SHOP));
    assertThat(seals.inUse(SHOP)).isEqualTo(after.inUse(SHOP));
    assertThat(seals.unseal(Purpose.SESSION, KEY, old)).isPresent();

    seals.forget(SHOP, before.inUse(SHOP));
    assertThat(seals.dropped(SHOP)).isEmpty();
    assertThat(seals.unseal(Purpose.SESSION, KEY, old)).isEmpty();
  }

  @Test
  void droppedSecretSealsUntilItIsReplaced() {
    var apps = ConfiguredApps.one(SHOP, OLD);
    var seals = new Seals(apps);
    ConfiguredApps.change(apps, "", NEW, false);
    assertThat(seals.inUse(SHOP)).isEqualTo(before.inUse(SHOP));
    seals.forget(SHOP, before.inUse(SHOP));
    assertThat(seals.dropped(SHOP)).hasSize(1);
  }

  @Test
  void dropSecretsTakesEffectAtOnce() {
    var apps = ConfiguredApps.one(SHOP, OLD);
    var seals = new Seals(apps);
    var old = seals.seal(SHOP, Purpose.SESSION, KEY, VALUE);
    ConfiguredApps.change(apps, "", NEW, false);
    assertThat(seals.unseal(Purpose.SESSION, KEY, old)).isPresent();
    ConfiguredApps.change(apps, "", NEW, true);
    assertThat(seals.unseal(Purpose.SESSION, KEY, old)).isEmpty();
    assertThat(seals.inUse(SHOP)).isEqualTo(after.inUse(SHOP));
  }

  @Test
  void valueUnderAnUnconfiguredOldSecretIsNotUnsealed() {
    assertThat(after.unseal(Purpose.SESSION, KEY, before.seal(SHOP, Purpose.SESSION, KEY, VALUE)))
        .isEmpty();
  }

  private byte[] seal(byte[] value) {
    return seals.seal(SHOP, Purpose.SESSION, KEY, value);
  }

  private Optional<Unsealed> unseal(byte[] sealed) {
    return seals.unseal(Purpose.SESSION, KEY, sealed);
  }

  private static String nonce(byte[] sealed) {
    return HexFormat.of().formatHex(sealed, 4, 16);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
