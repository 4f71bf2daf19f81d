package io.minilogin.settings;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.EnvConfigSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * Reads settings from files. A file in a directory of {@value #LOCATIONS} is the property, or the
 * environment variable, that its name says. Files override application.properties; the environment
 * overrides files. A file that is not text, has more than {@value #LARGEST} bytes or cannot be read
 * is skipped, unless it is named like a setting of the service: then {@link #getConfigSources}
 * throws a {@link ConfigurationException}, because without the file the service would run with a
 * default, for example without the key that message push requires.
 *
 * <p>By the convention of Docker images, the environment variable {@code WECHAT_SECRET_FILE} names
 * the file with the value of {@code WECHAT_SECRET}; the same holds for every other secret. If the
 * file cannot be read, or both variables are set, {@link #getConfigSources} throws a {@link
 * ConfigurationException}.
 */
public final class SettingFiles implements ConfigSourceFactory {
  static final int LARGEST = 64 * 1024;
  private static final String LOCATIONS = "smallrye.config.source.file.locations";

  /** Between application.properties (250, or 260 beside the process) and .env (295). */
  private static final int ORDINAL = 275;

  /** The priority of SmallRye Config's own factory. */
  private static final int PRIORITY = 290;

  private static final Pattern PROPERTY = Pattern.compile("%?[A-Za-z][A-Za-z0-9_.\\[\\]\"%-]*");

  /** An environment variable that names the file with a secret. */
  private static final Pattern SECRET_FILE =
      Pattern.compile(
          "((WECHAT|CLIENTS)_\\w*(SECRET|KEY|TOKEN)|QUARKUS_\\w*PASSWORD|QUARKUS_REDIS_HOSTS)_FILE");

  /** The settings with several values, which may be on separate lines. */
  private static final Pattern LINES =
      Pattern.compile("wechat.*previous.secret", Pattern.CASE_INSENSITIVE);

  private static final String SUFFIX = "_FILE";
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  /** The names of our own settings and of those of Quarkus. */
  private static final Pattern OURS =
      Pattern.compile(
          "(wechat|session|login|open[-_]data|push|clients|quarkus)[._\\[].*",
          Pattern.CASE_INSENSITIVE);

  private final Map<String, String> environment;

  /** Creates the factory; called by the service loader. */
  public SettingFiles() {
    this(System.getenv());
  }

  SettingFiles(Map<String, String> environment) {
    this.environment = environment;
  }

  /**
   * The current files of one folder, or the current files that the environment names. A file may be
   * named like a property or like its environment variable.
   */
  public static final class Folder extends EnvConfigSource {
    static final String NAME = "files of ";

    private static final long serialVersionUID = 1;

    private final String origin;

    Folder(Path folder) {
      this(folder.toString(), read(folder));
    }

    private Folder(String origin, Map<String, String> values) {
      super(values, SettingFiles.ORDINAL);
      this.origin = origin;
    }

    @Override
    public String getName() {
      return NAME + origin;
    }
  }

  @Override
  public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
    var sources = new ArrayList<ConfigSource>();
    var secrets = namedByEnvironment();
    if (!secrets.isEmpty()) {
      sources.add(new Folder("environment variables", secrets));
    }
    var locations = context.getValue(LOCATIONS);
    if (locations != null && locations.getValue() != null) {
      Stream.of(locations.getValue().split(","))
          .map(String::strip)
          .filter(each -> !each.isEmpty())
          .forEach(each -> sources.add(new Folder(Path.of(each))));
    }
    return sources;
  }

  /** Returns whether this environment variable names the file with a secret. */
  public static boolean isSecretFile(String variable) {
    return SECRET_FILE.matcher(variable).matches();
  }

  private Map<String, String> namedByEnvironment() {
    var values = new HashMap<String, String>();
    environment.forEach(
        (variable, file) -> {
          if (isSecretFile(variable) && !file.isBlank()) {
            var name = variable.substring(0, variable.length() - SUFFIX.length());
            if (environment.containsKey(name)) {
              throw new ConfigurationException(
                  "%s and %s are both set: remove one of them".formatted(name, variable));
            }
            try {
              values.put(name, text(name, Path.of(file)));
            } catch (IOException | InvalidPathException e) {
              throw new ConfigurationException(
                  variable + " does not name a text file that the service can read");
            }
          }
        });
    return values;
  }

  @Override
  public OptionalInt getPriority() {
    return OptionalInt.of(PRIORITY);
  }

  private static Map<String, String> read(Path folder) {
    if (!Files.isDirectory(folder)) {
      return Map.of();
    }
    try (var files = Files.list(folder)) {
      var values = new HashMap<String, String>();
      for (var file : (Iterable<Path>) files::iterator) {
        var name = file.getFileName().toString();
        if (PROPERTY.matcher(name).matches() && Files.isRegularFile(file)) {
          read(file, name, values);
        }
      }
      return values;
    } catch (IOException e) {
      throw new ConfigurationException("The folder %s cannot be read".formatted(folder));
    }
  }

  private static void read(Path file, String name, Map<String, String> values) {
    try {
      values.put(name, text(name, file));
    } catch (NoSuchFileException e) {
      // The file was removed after the folder was read.
      return;
    } catch (IOException e) {
      if (OURS.matcher(name).matches()) {
        throw new ConfigurationException(
            "The file %s is not a text file of at most %d KB that can be read"
                .formatted(name, LARGEST / 1024));
      }
    }
  }

  private static String text(String name, Path file) throws IOException {
    if (Files.size(file) > LARGEST) {
      throw new CharacterCodingException();
    }
    var text = UTF_8.newDecoder().decode(ByteBuffer.wrap(Files.readAllBytes(file))).toString();
    // Editors and shells add a line break, and editors of Windows add a byte order mark in front.
    // Neither is part of a value.
    var value = text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    return String.join(LINES.matcher(name).matches() ? "\n" : "", value.lines().toList());
  }
}
