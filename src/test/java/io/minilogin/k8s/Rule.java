package io.minilogin.k8s;

import java.util.List;

/** What manifests must be like, by the name that it has where it comes from. */
interface Rule {
  /** What breaks it; empty if nothing does. */
  List<String> violations(Manifests manifests);

  /** What breaks it when it is done to production with Redis and all other components. */
  Breach breach();
}
