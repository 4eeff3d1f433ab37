internal import LevinLibC

/// A thread that runs one closure, as part of the run of the thread that starts it (``FailureHook``).
///
/// It must be joined or detached. It receives no signals.
package struct WorkerThread {
  private let handle: pthread_t

  /// The system could not create a thread.
  package struct StartError: Error, CustomStringConvertible {
    package let code: Int32
    package var description: String {
      "cannot start a worker thread: \(FileError.text(ofCode: code)). "
        + "Take fewer workers (num_workers), or allow this user more threads."
    }
  }

  private final class Body {
    private let body: @Sendable () -> Void
    private let hook = FailureHook.current
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }

    func run() { FailureHook.$current.withValue(hook, operation: body) }
  }

  package init(_ body: @escaping @Sendable () -> Void) throws(StartError) {
    let context = Unmanaged.passRetained(Body(body))
    var all = sigset_t()
    var before = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_SETMASK, &all, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    #if canImport(Darwin)
      var handle: pthread_t?
    #else
      var handle = pthread_t()
    #endif
    let code = pthread_create(
      &handle, nil,
      { context in
        #if canImport(Darwin)
          Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run()
        #else
          if let context { Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run() }
        #endif
        return nil
      }, context.toOpaque())
    guard code == 0 else {
      context.release()
      throw StartError(code: code)
    }
    #if canImport(Darwin)
      guard let handle else { throw StartError(code: EAGAIN) }
    #endif
    self.handle = handle
  }

  /// Waits until the closure has returned and the thread has ended.
  package func join() { pthread_join(handle, nil) }

  /// Lets the thread end by itself.
  package func detach() { pthread_detach(handle) }
}
