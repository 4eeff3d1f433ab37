internal import LevinSystem

/// The current commit of a repository, read from its files, without running git.
enum GitCommit {
  /// The commit of the repository around `folder`; nil outside a repository.
  static func current(around folder: String = ".") -> String? {
    guard var folder = FileSystem.realPath(folder) else { return nil }
    while true {
      let dot = RunFolder.joined(folder, ".git")
      if FileSystem.isFolder(dot) { return commit(gitFolder: dot, common: dot) }
      if let text = text(dot), text.hasPrefix("gitdir: ") {
        // A linked worktree has its own HEAD, but its branches are in the common folder.
        var own = String(text.dropFirst("gitdir: ".count))
        if !own.hasPrefix("/") { own = RunFolder.joined(folder, own) }
        let common = self.text(RunFolder.joined(own, "commondir")) ?? "."
        return commit(
          gitFolder: own, common: common.hasPrefix("/") ? common : RunFolder.joined(own, common))
      }
      guard let slash = folder.lastIndex(of: "/"), folder != "/" else { return nil }
      folder = slash == folder.startIndex ? "/" : String(folder[..<slash])
    }
  }

  private static func commit(gitFolder: String, common: String) -> String? {
    guard let head = text(RunFolder.joined(gitFolder, "HEAD")) else { return nil }
    guard head.hasPrefix("ref: ") else { return head }
    let name = String(head.dropFirst("ref: ".count))
    if let loose = text(RunFolder.joined(common, name)) { return loose }
    let packed = text(RunFolder.joined(common, "packed-refs")) ?? ""
    let line = packed.split(separator: "\n").first { $0.hasSuffix(" " + name) }
    return line.map { String($0.prefix { $0 != " " }) }
  }

  /// The text of a small file without trailing white space.
  private static func text(_ path: String) -> String? {
    guard FileBytes.isFile(path), let bytes = try? FileBytes.read(path) else { return nil }
    let text = String(decoding: bytes, as: UTF8.self)
    return text.last?.isWhitespace == true ? String(text.dropLast()) : text
  }
}
