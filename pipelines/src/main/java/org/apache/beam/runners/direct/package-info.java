/** What can be set on Beam's direct runner only from its own package. */
@NullMarked
package org.apache.beam.runners.direct;

import org.jspecify.annotations.NullMarked;
