/**
 * The configured mini programs: their appids and secrets, and the rules for settings. Knows no
 * other package.
 */
@NullMarked
package io.minilogin.app;

import org.jspecify.annotations.NullMarked;
