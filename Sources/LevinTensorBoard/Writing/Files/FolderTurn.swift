import Foundation

/// The right to change what all writers of a folder share, the names of its event files and the Projector's
/// list: one thread of one process has it at a time.
///
/// It is a lock on a hidden file that is there only as long as somebody has or awaits the right.
/// (The folder itself is not ours to lock: a run that is being trained does so.) Where the file
/// system has no locks, it keeps nobody out.
struct FolderTurn {
  private let path: String
  private let descriptor: Int32

  /// Waits until nobody else has the right.
  init(in directory: String) {
    path = directory + "/.event-file.lock"
    while true {
      let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
      while flock(descriptor, LOCK_EX) != 0, errno == EINTR {}
      var (locked, current) = (stat(), stat())
      if fstat(descriptor, &locked) == 0, stat(path, &current) == 0 || errno == ENOENT,
        locked.st_ino != current.st_ino
      {
        // Whoever had the right took the file away with it.
        close(descriptor)
        continue
      }
      self.descriptor = descriptor
      return
    }
  }

  /// Gives the right to the next one.
  func end() {
    guard descriptor >= 0 else { return }
    unlink(path)
    // Said explicitly, because a process forked meanwhile has the descriptor, too.
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }
}
