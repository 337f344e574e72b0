/** What Beam tells of its file systems only in its own package. */
@NullMarked
package org.apache.beam.sdk.io;

import org.jspecify.annotations.NullMarked;
