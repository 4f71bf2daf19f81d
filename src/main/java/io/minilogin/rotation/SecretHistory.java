package io.minilogin.rotation;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.stream.Collectors;

/**
 * The secrets of an app and the changes between them, which decide which secret seals: the newest
 * secret that every instance knows.
 *
 * @param ids the ids of the secrets that this instance has, the newest first
 * @param changes the stored changes, by the id of the new secret
 * @param delay the time after which every instance knows a new secret
 */
record SecretHistory(List<String> ids, Map<String, SecretChange> changes, Duration delay) {
  static final BinaryOperator<Instant> LATER = BinaryOperator.maxBy(Comparator.naturalOrder());

  String current() {
    return ids.get(0);
  }

  /** Returns the change to the current secret; empty if no instance has stored it. */
  Optional<SecretChange> currentChange() {
    return Optional.ofNullable(changes.get(current()));
  }

  /** Returns whether another secret came after the current one, which is configured again. */
  boolean isCurrentBack() {
    return currentChange()
        .filter(
            change ->
                changes.values().stream()
                    .anyMatch(other -> other.learnt().isAfter(change.learnt())))
        .isPresent();
  }

  /** Returns the id of the secret that seals. */
  String sealing(Instant now) {
    return ids.stream()
        .filter(id -> isKnownToAll(id, now))
        .findFirst()
        .orElse(ids.get(ids.size() - 1));
  }

  private boolean isKnownToAll(String id, Instant now) {
    var change = changes.get(id);
    // Without a stored change, all instances know a previous secret, but not always the current
    // secret.
    var isDelayOver =
        change == null ? !id.equals(current()) : !now.isBefore(change.learnt().plus(delay));
    // Instances that do not know a later secret may still seal under this secret.
    return isDelayOver || sealedUntil().getOrDefault(id, now).isAfter(now);
  }

  /** Returns the rest of the current secret's delay; zero if no delay runs. */
  long secondsLeft(Instant now) {
    return currentChange()
        .map(change -> Duration.between(now, change.learnt().plus(delay)).toSeconds())
        .filter(seconds -> seconds > 0)
        .orElse(0L);
  }

  /** Returns the change to the current secret if this instance is the first to learn of it. */
  SecretChange newChange(Instant now) {
    var until = new HashMap<>(sealedUntil());
    until.merge(sealing(now), now.plus(delay), LATER);
    until.remove(current());
    return new SecretChange(now, until);
  }

  /** Returns this history with this change to the current secret. */
  SecretHistory with(SecretChange change) {
    var all = new HashMap<>(changes);
    all.put(current(), change);
    return new SecretHistory(ids, all, delay);
  }

  /** Returns the time until which each replaced secret seals, by the id of the secret. */
  Map<String, Instant> sealedUntil() {
    return changes.values().stream()
        .flatMap(change -> change.sealedUntil().entrySet().stream())
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, LATER));
  }

  /** Returns the time until which secrets that this instance does not have seal. */
  Optional<Instant> missingUntil() {
    return sealedUntil().entrySet().stream()
        .filter(secret -> !ids.contains(secret.getKey()))
        .map(Map.Entry::getValue)
        .reduce(LATER);
  }
}
