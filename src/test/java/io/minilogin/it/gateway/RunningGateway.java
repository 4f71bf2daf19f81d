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

/** Has a gateway run for the tests of a class, as an installed program with a recipe. */
@TestInstance(Lifecycle.PER_CLASS)
abstract class RunningGateway {
  @RegisterExtension private final Started started = new Started();
  private Stage stage;

  /** The program that must be installed. */
  abstract String program();

  /**
   * Writes the gateway's files and gives the command that starts it in the foreground.
   *
   * @param program where it lies
   * @param directory all that the gateway reads and writes, its working directory
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
