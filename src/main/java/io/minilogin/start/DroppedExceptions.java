package io.minilogin.start;

import io.quarkus.runtime.Startup;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/**
 * Failures of calls to WeChat that were given up before, for which no caller waits. Mutiny would
 * log the exception as an error, and the message of a late one may quote the URL, which holds the
 * app secret. The kind is enough.
 */
@Startup
@Singleton
class DroppedExceptions {
  private static final Logger LOG = Logger.getLogger(DroppedExceptions.class);

  DroppedExceptions() {
    Infrastructure.setDroppedExceptionHandler(
        dropped -> LOG.debugf("Failed after it was given up: %s", dropped.getClass().getName()));
  }
}
