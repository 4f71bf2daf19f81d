/**
 * What operators see and set: trace ids, what a failed start says, JSON rules, clocks. Every
 * package may use it; it knows no feature.
 */
package io.minilogin.operation;
