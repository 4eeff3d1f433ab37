internal import LevinFormats
internal import LevinTensor

extension Checkpoint {
  /// The version of the format of the entries under ``prefix``.
  static let format = "1"
  static let checksumKey = "levin.checksum"
  /// More than any training reaches, and far below overflow.
  static let largestCount = 1 << 53

  /// A checksum as the metadata stores it.
  static func text(ofChecksum checksum: UInt32) -> String {
    let digits = String(checksum, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }

  /// Throws if one of Levin's files is damaged, or has a format that this version does not know.
  ///
  /// Files of other programs have no names under ``prefix`` and are accepted.
  static func check(_ file: SafetensorsFile, path: String) throws(CheckpointError) {
    let arrays = Set(file.entries.map(\.name))
    let names = arrays.union(file.metadata.keys).filter { $0.hasPrefix(prefix) }
    guard !names.isEmpty else { return }
    func require(_ name: String) throws(CheckpointError) {
      guard !names.contains(name) else { return }
      throw .invalid(path: path, what: "'\(name)' is missing")
    }
    guard names.contains("levin.format") else {
      // Python's `load_file` returns tensors without the metadata; saved again, they no longer make a checkpoint.
      throw .invalid(
        path: path,
        what:
          "'levin.format' is missing beside '\(names.sorted()[0])'; to save weights with "
          + "another program, leave out the names that begin with 'levin.'")
    }
    let found = file.metadata["levin.format"]
    guard found == format else {
      throw .unknownFormat(path: path, found: found ?? "an array", expected: format)
    }
    try require(checksumKey)
    let checksum = text(ofChecksum: file.checksum(leavingOut: checksumKey))
    guard file.metadata[checksumKey] == checksum else {
      throw .invalid(path: path, what: "its content does not match its checksum")
    }
    let ofResume = [
      "levin.loop", "levin.metrics.training", "levin.metrics.validation", "levin.learning_rates",
      "levin.random.default",
    ]
    guard names.contains(where: { $0.hasPrefix("levin.optimizer.") || ofResume.contains($0) })
    else { return }
    for name in ofResume { try require(name) }
  }
}

extension LoopState {
  /// Throws for impossible counts.
  func check(path: String) throws(CheckpointError) {
    let counts = [
      epoch, batchesDone, totalBatches, globalStep, batchesThatStepped, validationBatches,
      validatedAt ?? 0,
    ]
    guard let count = counts.first(where: { !(0...Checkpoint.largestCount).contains($0) }) else {
      return
    }
    throw .invalid(
      path: path,
      what: "'levin.loop' holds the count \(count); expected 0 to \(Checkpoint.largestCount)")
  }
}

extension Tensor {
  /// Throws if an optimizer's saved number of steps is impossible.
  func checkSteps(_ name: String, path: String) throws(CheckpointError) {
    guard name.hasSuffix(".step"), elementCount == 1 else { return }
    let count = item()
    guard !(0...Double(Checkpoint.largestCount)).contains(count) else { return }
    throw .invalid(
      path: path, what: "'\(name)' is \(count); expected 0 to \(Checkpoint.largestCount)")
  }
}
