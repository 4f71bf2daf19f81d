/**
 * From the start of the process to the moment when it is ready: main, what a refused start says,
 * defaults of the machine, clock and random source. No feature calls it.
 */
package io.minilogin.start;
