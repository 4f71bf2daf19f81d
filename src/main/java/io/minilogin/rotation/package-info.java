/**
 * When the new secret of an app begins to seal: not before every instance has had time to learn of
 * it. What the secrets do is not known here; nobody asks this package for anything.
 */
@NullMarked
package io.minilogin.rotation;

import org.jspecify.annotations.NullMarked;
