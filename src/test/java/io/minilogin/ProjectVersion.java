package io.minilogin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** The version in the pom. */
public final class ProjectVersion {
  private static final Pattern VERSION = Pattern.compile("<version>(.+)</version>");

  private ProjectVersion() {}

  /** Returns the version of the jar, for example {@code 1.1.0-SNAPSHOT}. */
  public static String full() {
    try {
      // The first version in the pom is the project's.
      var version = VERSION.matcher(Files.readString(Path.of("pom.xml")));
      if (!version.find()) {
        throw new IllegalStateException("the pom has no version");
      }
      return version.group(1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the version of the release that this version becomes, for example {@code 1.1.0}. */
  public static String release() {
    return full().replaceAll("-.*", "");
  }
}
