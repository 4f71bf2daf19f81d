/** Tests of the workflows in .github and of the scripts that publish a version. */
package io.minilogin.release;
