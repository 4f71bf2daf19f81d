/** The configured mini programs: their appids and secrets. This package knows no feature. */
@NullMarked
package io.minilogin.app;

import org.jspecify.annotations.NullMarked;
