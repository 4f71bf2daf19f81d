/**
 * What went wrong, as RFC 9457 tells it. Every feature may raise a {@link Problem} or name one;
 * only this package turns it into an HTTP answer. It never puts an exception's text, a class name
 * or anything the client sent into an answer.
 */
package io.minilogin.problem;
