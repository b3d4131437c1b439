package ai.djl.pytorch.jni;

import ai.djl.pytorch.engine.PtSymbolBlock;
import java.util.List;

/**
 * Calls a method of a TorchScript module with autograd on.
 *
 * <p>Why it is in DJL's package: {@link IValueUtils#runMethod} always runs in inference mode, where
 * nothing can be differentiated, and what it wraps is package-private. This class is the same call
 * without that mode.
 */
public final class TorchScriptCall {
  private TorchScriptCall() {}

  /**
   * Runs {@code module.method(arguments)}.
   *
   * @return the result, to be closed by the caller; the arguments stay the caller's
   */
  public static IValue run(PtSymbolBlock module, String method, List<IValue> arguments) {
    long[] handles = arguments.stream().mapToLong(IValue::getHandle).toArray();
    return new IValue(
        PyTorchLibrary.LIB.moduleRunMethod(module.getHandle(), method, handles, true, false));
  }
}
