package io.minilogin.it;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Closes the started resources in reverse order. A static field closes them after the class, an
 * instance field after each test.
 */
public final class Started implements BeforeAllCallback, AfterAllCallback, AfterEachCallback {
  private final Deque<AutoCloseable> resources = new ArrayDeque<>();

  /** The test class for a static field; null for an instance field. */
  private Class<?> owner;

  public <T extends AutoCloseable> T add(T resource) {
    resources.push(resource);
    return resource;
  }

  /** Starts several services at the same time. */
  public List<ServiceProcess> addAll(ServiceProcess.Builder... builders) {
    var services = ServiceProcess.startAll(builders);
    services.forEach(this::add);
    return services;
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    // Nested classes inherit the extension, but end before the outer class.
    if (owner == null) {
      owner = context.getRequiredTestClass();
    }
  }

  @Override
  public void afterAll(ExtensionContext context) throws Exception {
    if (context.getRequiredTestClass() == owner) {
      closeAll();
    }
  }

  @Override
  public void afterEach(ExtensionContext context) throws Exception {
    if (owner == null) {
      closeAll();
    }
  }

  private void closeAll() throws Exception {
    while (!resources.isEmpty()) {
      resources.pop().close();
    }
  }
}
