package io.minilogin.it.gateway;

import io.minilogin.it.Started;
import io.minilogin.it.gateway.Stage.Addresses;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Runs an installed gateway with a recipe for the tests of a class. */
@TestInstance(Lifecycle.PER_CLASS)
abstract class RunningGateway {
  @RegisterExtension private final Started started = new Started();
  private Stage stage;

  /** Returns the program that must be installed. */
  abstract String program();

  /**
   * Writes the files of the gateway and returns the command that starts it in the foreground.
   *
   * @param program the location of the program
   * @param directory the working directory, with all files that the gateway reads and writes
   */
  abstract List<String> command(Path program, Path directory, Addresses addresses) throws Exception;

  public final Stage stage() {
    return stage;
  }

  @BeforeAll
  final void open(@TempDir Path directory) throws Exception {
    var program = Installed.program(program());
    stage =
        Stage.open(
            started,
            addresses ->
                GatewayProcess.start(
                    directory, addresses.port(), command(program, directory, addresses)));
  }
}
