/**
 * Log lines for operators: conditions that make requests fail, once a minute, and actions of
 * clients on users' sessions. Facts are fields of the line, so that operators can search for them.
 */
@NullMarked
package io.minilogin.log;

import org.jspecify.annotations.NullMarked;
