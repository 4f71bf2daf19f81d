/**
 * Tests of the promises in docs/compatibility.md: a change within 1.x removes nothing that callers
 * and operators rely on. The promises are recorded in src/test/resources/compatibility.
 */
package io.minilogin.compatibility;
