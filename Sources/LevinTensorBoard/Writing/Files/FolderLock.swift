internal import LevinSystem

/// A lock on what all writers of a folder share: the names of its event files and the Projector's
/// list.
///
/// Only one thread of one process holds it at a time. It locks a hidden file that exists only while someone holds the
/// lock or waits for it. (The folder's own lock belongs to the run that is being trained.) It has no effect on file
/// systems without locks.
struct FolderLock {
  /// nil if the file cannot be created.
  private let file: OpenFile?

  /// Waits until no one else holds the lock.
  init(in directory: String) {
    let path = directory + "/.event-file.lock"
    while true {
      let file = try? OpenFile(path, for: .updating)
      file?.lock()
      // Otherwise the previous holder has removed the file.
      if file?.isAt(path) ?? true {
        self.file = file
        return
      }
    }
  }

  /// Releases the lock.
  func release() {
    guard let file else { return }
    FileSystem.removeFile(file.path)
    file.unlock()
  }
}
