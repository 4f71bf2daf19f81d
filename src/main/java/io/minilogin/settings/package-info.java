/**
 * Where settings come from: files with secrets, and defaults that depend on the machine. {@link
 * Setting} checks single values, and {@link Reloadable} settings may change at run time. Knows no
 * other package.
 */
package io.minilogin.settings;
