/**
 * The way to Redis: one place for the command's deadline, for measuring it and for turning every
 * failure into "the store is unavailable". Knows no keys; those belong to the features.
 */
package io.minilogin.redis;
