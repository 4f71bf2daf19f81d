/**
 * WeChat's message push: verifies and decrypts each event, ends the sessions of a user who leaves
 * the app, and delivers the event to the backend of the matching route. An event is acknowledged
 * only after the backend took it. This package stores no event and sends events only to configured
 * addresses.
 */
@NullMarked
package io.minilogin.push;

import org.jspecify.annotations.NullMarked;
