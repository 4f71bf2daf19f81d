package io.minilogin.dev;

import io.minilogin.dev.WechatSimulator.Call;
import io.minilogin.dev.WechatSimulator.Request;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Records all requests, so that a test can count and inspect them. */
final class Arrivals {
  // Not decoded: a benchmark leaves hundreds of thousands here and reads none of them.
  private final Queue<String> uris = new ConcurrentLinkedQueue<>();
  private final Queue<Request> requests = new ConcurrentLinkedQueue<>();

  void addCode2Session(String uri) {
    uris.add(uri);
  }

  void add(Request request) {
    requests.add(request.toRemember());
  }

  List<Call> calls() {
    return uris.stream().map(Call::of).toList();
  }

  long callsWith(String code) {
    return uris.stream().map(Call::of).filter(call -> call.code().equals(code)).count();
  }

  /** Returns how often each path was called, including that of code2Session. */
  long count(String path) {
    return path.equals(SimulatedDispatch.CODE2SESSION) ? uris.size() : requests(path).size();
  }

  List<Request> requests(String path) {
    return requests.stream().filter(request -> request.path().equals(path)).toList();
  }
}
