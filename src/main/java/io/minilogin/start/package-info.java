/**
 * The start of the process and its settings: main, the sources of settings, defaults that depend on
 * the machine, refusal and reload of settings, the injected clock and random source. Other packages
 * use {@code MachineDefaults} alone, to learn what the machine has room for. No feature is called
 * from here, except through {@code app.Reloadable}.
 */
package io.minilogin.start;
