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
    private let isBackground: Bool
    private let body: @Sendable () -> Void
    private let hook = FailureHook.current
    init(_ isBackground: Bool, _ body: @escaping @Sendable () -> Void) {
      self.isBackground = isBackground
      self.body = body
    }

    func run() {
      if isBackground { giveWay() }
      FailureHook.$current.withValue(hook, operation: body)
    }

    /// Makes way for all other threads; a system that refuses runs this one like any other.
    private func giveWay() {
      #if canImport(Darwin)
        pthread_set_qos_class_self_np(QOS_CLASS_BACKGROUND, 0)
      #else
        // SCHED_IDLE, which Swift's view of the C library lacks. A thread that is merely `nice` would keep others
        // from the processor on which it started, since that one is not idle.
        let idle: Int32 = 5
        var parameters = sched_param()
        pthread_setschedparam(pthread_self(), idle, &parameters)
      #endif
    }
  }

  /// Starts a thread; one in the background gets a processor when no other thread wants it.
  package init(
    inBackground: Bool = false, _ body: @escaping @Sendable () -> Void
  ) throws(StartError) {
    let context = Unmanaged.passRetained(Body(inBackground, body))
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
