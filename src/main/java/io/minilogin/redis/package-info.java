/**
 * Access to Redis: the one place that sets the deadline of commands, measures them and turns every
 * failure into "the store is unavailable". Knows no keys; keys belong to the features.
 */
package io.minilogin.redis;
