#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// A thread that runs one closure.
///
/// It must be joined or detached.
///
/// No signal is delivered to it.
struct WorkerThread {
  private let handle: pthread_t

  /// The system could not create a thread.
  struct StartError: Error, CustomStringConvertible {
    let code: Int32
    var description: String {
      "cannot start a worker thread: \(String(cString: strerror(code))). "
        + "Take fewer workers (num_workers), or allow this user more threads."
    }
  }

  private final class Body {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  init(_ body: @escaping @Sendable () -> Void) throws(StartError) {
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

  /// Waits until the closure has returned and the thread is gone.
  func join() { pthread_join(handle, nil) }

  /// Lets it run to its end by itself.
  func detach() { pthread_detach(handle) }
}
