/**
 * What operators are told in the log: of conditions that make requests fail, once a minute, and of
 * what clients do to users' sessions. Facts are fields of the line, so that they can be searched
 * for.
 */
@NullMarked
package io.minilogin.log;

import org.jspecify.annotations.NullMarked;
