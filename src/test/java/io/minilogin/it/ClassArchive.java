package io.minilogin.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The classes that the packaged jar loads at a start, as a dynamic CDS archive (JEP 350). A start
 * with the archive needs less than half of the time. The archive is created once per build and Java
 * version, in about six seconds.
 */
final class ClassArchive {
  private static final int LOGINS = 5;

  private ClassArchive() {}

  static Path file() {
    return Holder.FILE;
  }

  private static final class Holder {
    private static final Path FILE = upToDate();
  }

  private static Path upToDate() {
    var directory = Artefact.directory();
    var archive = directory.resolve("classes-" + Runtime.version() + ".jsa");
    try {
      var jar = Files.getLastModifiedTime(directory.resolve("quarkus-app/quarkus-run.jar"));
      if (Files.exists(archive) && Files.getLastModifiedTime(archive).compareTo(jar) > 0) {
        return archive;
      }
      Files.deleteIfExists(archive);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var option = "-XX:ArchiveClassesAtExit=" + archive;
    Training.run(Artefact.jarCommand(directory, option), LOGINS, archive);
    return archive;
  }
}
