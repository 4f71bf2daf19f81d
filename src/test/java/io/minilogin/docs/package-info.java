/**
 * Tests of the documentation: translations match their originals, and links and named tests exist.
 */
package io.minilogin.docs;
