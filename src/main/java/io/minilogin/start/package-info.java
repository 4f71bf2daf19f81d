/**
 * What happens between the start of the process and the moment it is ready. Nobody else calls it.
 */
package io.minilogin.start;
