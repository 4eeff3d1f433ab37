import LevinLibC
import LevinSystem
import Synchronization
import Testing

@Suite struct WorkerThreadTests {
  /// The scheduling policy of a thread, 5 being SCHED_IDLE of Linux.
  private func policy(ofThreadInBackground inBackground: Bool) throws -> Int32 {
    let policy = Mutex<Int32>(-1)
    try WorkerThread(inBackground: inBackground) {
      var (found, parameters): (Int32, sched_param) = (-1, sched_param())
      pthread_getschedparam(pthread_self(), &found, &parameters)
      policy.withLock { $0 = found }
    }.join()
    return policy.withLock(\.self)
  }

  #if os(Linux)
    @Test func inTheBackgroundItMakesWay() throws {
      let own = sched_getscheduler(0)
      #expect(try policy(ofThreadInBackground: true) == 5)
      #expect(try policy(ofThreadInBackground: false) == own)
      #expect(sched_getscheduler(0) == own)
    }
  #endif
}
