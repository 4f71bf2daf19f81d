/** The configured mini programs: their appids and secrets. Knows settings and no feature. */
@NullMarked
package io.minilogin.app;

import org.jspecify.annotations.NullMarked;
