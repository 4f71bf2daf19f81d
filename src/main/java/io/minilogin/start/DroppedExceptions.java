package io.minilogin.start;

import io.quarkus.runtime.Startup;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/**
 * Logs the kind of late failures of abandoned calls to WeChat, for which no caller waits. Mutiny
 * would log the exception as an error, and its message may quote the URL, which contains the app
 * secret.
 */
@Startup
@Singleton
class DroppedExceptions {
  private static final Logger LOG = Logger.getLogger(DroppedExceptions.class);

  DroppedExceptions() {
    Infrastructure.setDroppedExceptionHandler(
        dropped ->
            LOG.debugf(
                "An operation failed after it was cancelled: %s", dropped.getClass().getName()));
  }
}
