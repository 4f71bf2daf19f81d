package io.minilogin.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.minilogin.settings.SettingFiles.Folder;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingFilesTest {
  private static final byte[] BINARY = {(byte) 0xC3, (byte) 0x28, 0, (byte) 0xFF};

  private static final Pattern NAME = Pattern.compile("`([a-z.-][a-z0-9.\\[\\]-]+)`");

  @TempDir private Path folder;

  @BeforeEach
  void write() throws IOException {
    Files.writeString(folder.resolve("wechat.secret"), "a secret\n");
    Files.writeString(folder.resolve("CLIENTS_0__SECRET"), "another");
  }

  @Test
  void fileSetsThePropertyOfItsName() {
    var files = new Folder(folder);
    assertThat(files.getValue("wechat.secret")).isEqualTo("a secret");
    assertThat(files.getValue("clients[0].secret")).isEqualTo("another");
    assertThat(files.getValue("wechat.appid")).isNull();
  }

  @ConfigMapping(prefix = "some")
  interface Listed {
    List<Element> elements();

    interface Element {
      Optional<String> previousSecret();
    }
  }

  @Test
  void fileNamedLikeAVariableSetsTheListedProperty() throws IOException {
    Files.writeString(folder.resolve("SOME_ELEMENTS_0__PREVIOUS_SECRET"), "older");
    assertThat(Setting.mapped(config(new Folder(folder)), Listed.class).elements())
        .singleElement()
        .extracting(Listed.Element::previousSecret)
        .isEqualTo(Optional.of("older"));
  }

  @Test
  void byteOrderMarkIsNotPartOfTheValue() throws IOException {
    Files.writeString(folder.resolve("wechat.secret"), "\uFEFFa secret\r\n");
    assertThat(new Folder(folder).getValue("wechat.secret")).isEqualTo("a secret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "wechat.previous-secret",
        "wechat.apps[0].previous-secret",
        "WECHAT_PREVIOUS_SECRET"
      })
  void fileCanHaveOnePreviousSecretPerLine(String name) throws IOException {
    Files.writeString(folder.resolve(name), "newer\r\nolder\n");
    assertThat(new Folder(folder).getValue(name)).isEqualTo("newer\nolder");
  }

  @Test
  void everyDocumentedPropertyCanBeAFile() throws IOException {
    var properties = documentedProperties();
    assertThat(properties).hasSizeGreaterThan(25).contains("quarkus.http.port", "clients[0].may");
    for (var property : properties) {
      Files.writeString(folder.resolve(property), "of the file");
    }
    var config = config(new Folder(folder));
    assertThat(properties)
        .allSatisfy(
            it -> assertThat(config.getConfigValue(it).getValue()).isEqualTo("of the file"));
  }

  @Test
  void environmentOverridesFiles() {
    var environment = new EnvConfigSource(Map.of("WECHAT_SECRET", "of the environment"), 300);
    assertThat(config(environment, new Folder(folder)).getConfigValue("wechat.secret").getValue())
        .isEqualTo("of the environment");
  }

  @Nested
  class Literals {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "$",
          "$$",
          "a$b$$c",
          "${",
          "${x}",
          "${wechat.appid}",
          "a\\$b",
          "\\\\${x}\\",
          "}{",
          "a,b\\,c",
          "#%25"
        })
    void secretsAreReadLiterally(String secret) throws IOException {
      Files.writeString(folder.resolve("quarkus.redis.password"), secret + "\n");
      var environment = new EnvConfigSource(Map.of("CLIENTS_0__PREVIOUS_SECRET", secret), 300);
      var config = config(environment, new Folder(folder));
      assertThat(config.getValue("quarkus.redis.password", String.class)).isEqualTo(secret);
      assertThat(config.getValue("clients[0].previous-secret", String.class)).isEqualTo(secret);
    }

    @Test
    void expressionsOfPropertiesFilesAreExpanded() {
      var base = new EnvConfigSource(Map.of("WECHAT_BASE_URL", "http://a/$b"), 300);
      assertThat(config(base).getValue("quarkus.rest-client.wechat.url", String.class))
          .isEqualTo("http://a/$b");
    }
  }

  @Nested
  class FilesOfVariables {
    @ParameterizedTest
    @CsvSource({
      "WECHAT_SECRET_FILE, wechat.secret",
      "WECHAT_APPS_3__PREVIOUS_SECRET_FILE, wechat.apps[3].previous-secret",
      "WECHAT_PUSH_TOKEN_FILE, wechat.push-token",
      "WECHAT_PAYMENT_KEY_FILE, wechat.payment-key",
      "CLIENTS_0__SECRET_FILE, clients[0].secret",
      "QUARKUS_REDIS_PASSWORD_FILE, quarkus.redis.password",
      "QUARKUS_REDIS_HOSTS_FILE, quarkus.redis.hosts",
      "QUARKUS_TLS_KEY_STORE_P12_PASSWORD_FILE, quarkus.tls.key-store.p12.password"
    })
    void variableNamesTheFileOfASecret(String variable, String property) throws IOException {
      var file = Files.writeString(folder.resolve("a-file"), "of the $file\n");
      var source = sources(Map.of(variable, file.toString())).iterator().next();
      assertThat(source.getValue(property)).isEqualTo("of the $file");
    }

    @Test
    void otherFileVariablesAreIgnored() {
      var variables = Map.of("QUARKUS_HTTP_SSL_CERTIFICATE_KEY_STORE_FILE", "/missing");
      assertThat(sources(variables)).isEmpty();
    }

    @Test
    void unreadableFileIsRejected() {
      assertThatThrownBy(() -> sources(Map.of("WECHAT_SECRET_FILE", folder + "/s3cret")))
          .isInstanceOf(ConfigurationException.class)
          .hasMessageStartingWith("WECHAT_SECRET_FILE ")
          .hasMessageNotContaining("s3cret");
    }

    @Test
    void variableTogetherWithItsFileIsRejected() {
      var variables = Map.of("WECHAT_SECRET_FILE", "/a", "WECHAT_SECRET", "s3cret");
      assertThatThrownBy(() -> sources(variables))
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining("WECHAT_SECRET and WECHAT_SECRET_FILE")
          .hasMessageNotContaining("s3cret");
    }

    private static Iterable<ConfigSource> sources(Map<String, String> environment) {
      return new SettingFiles(environment).getConfigSources(new NoLocations());
    }
  }

  private static final class NoLocations implements ConfigSourceContext {
    @Override
    public @Nullable ConfigValue getValue(String name) {
      return null;
    }

    @Override
    public Iterator<String> iterateNames() {
      return Collections.emptyIterator();
    }
  }

  /** Builds the configuration of the service: settings of the jar, expressions, and the sources. */
  private static SmallRyeConfig config(ConfigSource... sources) {
    try {
      var ofJar = Path.of("src/main/resources/application.properties").toUri().toURL();
      return new SmallRyeConfigBuilder()
          .addDefaultInterceptors()
          .withInterceptors(new LiteralValues())
          .withSources(new PropertiesConfigSource(ofJar, 250))
          .withSources(new MachineDefaults())
          .withSources(sources)
          .build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the properties of the table. ".secret" continues "wechat.apps[n].appid". */
  private static List<String> documentedProperties() throws IOException {
    var properties = new ArrayList<String>();
    for (var line : Files.readAllLines(Path.of("docs/configuration.md"))) {
      if (line.startsWith("| `")) {
        var column = NAME.matcher(line.substring(0, line.indexOf('|', 1)));
        var prefix = "";
        while (column.find()) {
          var name = column.group(1).replace("[n]", "[0]");
          properties.add(name.startsWith(".") ? prefix + name : name);
          prefix = name.startsWith(".") ? prefix : name.substring(0, name.lastIndexOf('.'));
        }
      }
    }
    return properties;
  }

  @Test
  void unusableFilesThatAreNoSettingsAreSkipped() throws IOException {
    Files.write(folder.resolve("truststore.p12"), BINARY);
    Files.write(folder.resolve(".hidden"), BINARY);
    Files.write(folder.resolve("pushed.p12"), BINARY);
    Files.write(folder.resolve("large.txt"), new byte[SettingFiles.LARGEST + 1]);
    Files.createDirectory(folder.resolve("wechat.appid"));
    var files = new Folder(folder);
    assertThat(files.getPropertyNames())
        .containsExactlyInAnyOrder("wechat.secret", "CLIENTS_0__SECRET", "clients[0].secret");
    assertThat(files.getValue("wechat.secret")).isEqualTo("a secret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "session.lifetime",
        "wechat.push-aes-key",
        "WECHAT_APPS_0__PUSH_TOKEN",
        "clients[0].previous-secret",
        "open-data.max-age",
        "quarkus.redis.password"
      })
  void unusableFileOfASettingIsRefused(String name) throws IOException {
    for (var content : List.of(BINARY, new byte[SettingFiles.LARGEST + 1])) {
      Files.write(folder.resolve(name), content);
      assertThatThrownBy(() -> new Folder(folder))
          .isInstanceOf(ConfigurationException.class)
          .hasMessage("The file %s is not a text file of at most 64 KB that can be read", name);
    }
  }

  @Test
  void missingFolderHasNoProperties() {
    assertThat(new Folder(folder.resolve("missing")).getPropertyNames()).isEmpty();
  }
}
