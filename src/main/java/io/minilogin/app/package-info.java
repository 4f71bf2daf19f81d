/**
 * The configured mini programs: their appids and secrets, and what a required setting must be.
 * Knows no other package.
 */
@NullMarked
package io.minilogin.app;

import org.jspecify.annotations.NullMarked;
