import Foundation

/// A lock on what all writers of a folder share: the names of its event files and the Projector's
/// list.
///
/// One thread of one process holds it at a time.
/// It is taken on a hidden file that exists only while somebody holds or awaits the lock.
/// (The folder's own lock belongs to the run that is being trained.) Without locks in the file
/// system, it has no effect.
struct FolderLock {
  private let path: String
  private let descriptor: Int32

  /// Waits until nobody else holds the lock.
  init(in directory: String) {
    path = directory + "/.event-file.lock"
    while true {
      let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
      while flock(descriptor, LOCK_EX) != 0, errno == EINTR {}
      var (locked, current) = (stat(), stat())
      if fstat(descriptor, &locked) == 0, stat(path, &current) == 0 || errno == ENOENT,
        locked.st_ino != current.st_ino
      {
        // The previous holder has removed the file.
        close(descriptor)
        continue
      }
      self.descriptor = descriptor
      return
    }
  }

  /// Releases the lock.
  func release() {
    guard descriptor >= 0 else { return }
    unlink(path)
    // Explicitly, because a process forked meanwhile has the descriptor, too.
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }
}
