#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// The lock that a process holds on the folder of its run.
enum RunLock {
  static func isHeld(_ folder: String) -> Bool {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    // A shared lock, so that two who ask at once do not see each other as the run.
    return flock(descriptor, LOCK_SH | LOCK_NB) != 0
  }
}
