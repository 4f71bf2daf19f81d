/**
 * Secrets that change at run time. {@link SettingsReload} reads the files with settings again, and
 * {@link SealDelay} decides which secret of an app seals, so that every instance can unseal the
 * values of other instances. {@link DroppedSecrets} decides when a secret that is no longer
 * configured is forgotten. This package seals only the changes that it stores. No feature calls it.
 */
@NullMarked
package io.minilogin.rotation;

import org.jspecify.annotations.NullMarked;
