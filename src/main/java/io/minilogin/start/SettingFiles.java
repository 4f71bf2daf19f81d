package io.minilogin.start;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.common.MapBackedConfigSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Settings that are files: each file in the folders of {@value #LOCATIONS} is the property of its
 * name. A file that is no text, or larger than {@value #LARGEST} bytes, is left out, and the others
 * are read all the same; if it has the name of a property, a line in the log says so.
 */
public final class SettingFiles implements ConfigSourceFactory {
  static final int LARGEST = 64 * 1024;
  private static final String LOCATIONS = "smallrye.config.source.file.locations";

  /** Below that of all other sources, as with SmallRye Config's own source of files. */
  private static final int ORDINAL = 100;

  /** The priority of SmallRye Config's own factory. */
  private static final int PRIORITY = 290;

  private static final Pattern PROPERTY = Pattern.compile("%?[A-Za-z][A-Za-z0-9_.\\[\\]\"%-]*");
  private static final Pattern NO_LETTER_OR_DIGIT = Pattern.compile("[^a-zA-Z0-9_]");
  private static final List<String> OURS =
      List.of("wechat", "session", "login", "open", "clients", "quarkus");

  private static final Logger LOG = Logger.getLogger(SettingFiles.class);

  /** Files are read again and again; each is named once. */
  private static final Set<Path> NAMED = ConcurrentHashMap.newKeySet();

  /** The files of one folder, as they are now. */
  static final class Folder extends MapBackedConfigSource {
    private static final long serialVersionUID = 1;

    Folder(Path folder) {
      super("files of " + folder, read(folder), ORDINAL);
    }

    /** The file may be named like the property's environment variable. */
    @Override
    public @Nullable String getValue(String property) {
      var value = super.getValue(property);
      if (value == null) {
        var variable = NO_LETTER_OR_DIGIT.matcher(property).replaceAll("_");
        value = super.getValue(variable);
        value = value == null ? super.getValue(variable.toUpperCase(Locale.ROOT)) : value;
      }
      return value;
    }
  }

  @Override
  public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
    var locations = context.getValue(LOCATIONS);
    return locations == null || locations.getValue() == null
        ? List.of()
        : Stream.of(locations.getValue().split(","))
            .map(String::strip)
            .filter(each -> !each.isEmpty())
            .<ConfigSource>map(each -> new Folder(Path.of(each)))
            .toList();
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
      LOG.errorf("The files of %s cannot be read: %s", folder, e.getClass().getSimpleName());
      return Map.of();
    }
  }

  private static void read(Path file, String name, Map<String, String> values) {
    try {
      if (Files.size(file) > LARGEST) {
        throw new CharacterCodingException();
      }
      var text = UTF_8.newDecoder().decode(ByteBuffer.wrap(Files.readAllBytes(file))).toString();
      // A line's end, which editors and shells add, is not part of a value.
      values.put(name, String.join("", text.lines().toList()));
    } catch (IOException e) {
      if (OURS.stream().anyMatch(name.toLowerCase(Locale.ROOT)::startsWith) && NAMED.add(file)) {
        LOG.warnf(
            "The file %s is no text and was left out: %s", name, e.getClass().getSimpleName());
      }
    }
  }
}
