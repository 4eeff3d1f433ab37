internal import LevinLibC

/// The system's clocks.
package enum Clock {
  /// Seconds since 1970.
  package static var wallTime: Double {
    let time = now(CLOCK_REALTIME)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// Nanoseconds of a monotonic clock; safe to call in a signal handler.
  package static var uptime: UInt64 {
    let time = now(CLOCK_MONOTONIC)
    return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
  }

  /// Makes the calling thread sleep.
  package static func wait(seconds: Double) { usleep(UInt32(seconds * 1e6)) }

  private static func now(_ clock: clockid_t) -> timespec {
    var time = timespec()
    clock_gettime(clock, &time)
    return time
  }
}
