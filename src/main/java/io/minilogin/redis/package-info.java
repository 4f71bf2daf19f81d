/**
 * Access to Redis: the one place that sets the deadline of commands, measures them and turns every
 * failure into "the store is unavailable". Does not know the keys of features.
 */
package io.minilogin.redis;
