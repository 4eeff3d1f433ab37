internal import LevinSystem

/// A lock on what all writers of a folder share: the names of its event files and the Projector's
/// list.
///
/// One thread of one process holds it at a time.
/// It is taken on a hidden file that exists only while somebody holds or awaits the lock.
/// (The folder's own lock belongs to the run that is being trained.) Without locks in the file
/// system, it has no effect.
struct FolderLock {
  /// nil where the file cannot be made.
  private let file: OpenFile?

  /// Waits until nobody else holds the lock.
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
