/** The documentation held against itself: a translation says what its original says. */
package io.minilogin.docs;
