/** Tests of the documentation: translations match their originals, and links resolve. */
package io.minilogin.docs;
