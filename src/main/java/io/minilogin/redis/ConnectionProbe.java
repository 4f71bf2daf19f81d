package io.minilogin.redis;

/** A script that Redis must run for the service to work. */
public interface ConnectionProbe {
  /** Returns a call of the script on a key that nothing else uses and that expires soon. */
  RedisScript.Call probe();
}
