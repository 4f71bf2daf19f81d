/**
 * Rotation of app secrets: decides which secret of an app seals, so that every instance can open
 * what another one sealed, and when a secret that is no longer configured is forgotten. Seals
 * nothing itself; no other package calls it.
 */
@NullMarked
package io.minilogin.rotation;

import org.jspecify.annotations.NullMarked;
