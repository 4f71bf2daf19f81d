/**
 * The ports and the connections of clients, below HTTP: their number, their memory, the time in
 * which a request must arrive and a response must be read. {@code http} installs the handlers.
 * Interim replies of servers are dropped here, too. This package knows no feature.
 */
package io.minilogin.connection;
