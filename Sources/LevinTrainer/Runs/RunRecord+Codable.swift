extension RunRecord: Codable {
  private enum CodingKeys: String, CodingKey {
    case status, epochs, steps, model, parameters, stretches, start, end, length, command, seed,
      versions, commit,
      dataHashes,
      instructionSet, threadCount, host, pid, resumedFrom
  }

  /// Writes the list, and what follows from it for the whole run.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    let first = stretches[0]
    try container.encode(status, forKey: .status)
    try container.encodeIfPresent(epochs, forKey: .epochs)
    try container.encodeIfPresent(steps, forKey: .steps)
    try container.encodeIfPresent(model, forKey: .model)
    try container.encodeIfPresent(parameters, forKey: .parameters)
    try container.encode(stretches, forKey: .stretches)
    try container.encode(start, forKey: .start)
    try container.encodeIfPresent(end, forKey: .end)
    try container.encode(length, forKey: .length)
    try container.encode(command, forKey: .command)
    try container.encode(seed, forKey: .seed)
    try container.encode(first.versions, forKey: .versions)
    try container.encodeIfPresent(first.commit, forKey: .commit)
    let hashes = stretches.reduce(into: [:]) { $0.merge($1.dataHashes) { first, _ in first } }
    try container.encode(hashes, forKey: .dataHashes)
    try container.encode(first.instructionSet, forKey: .instructionSet)
    try container.encode(first.threadCount, forKey: .threadCount)
    try container.encode(first.host, forKey: .host)
    try container.encode(first.pid, forKey: .pid)
  }

  /// Reads the list; an older record without a list is a run with a single stretch.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    status = try container.decode(RunStatus.self, forKey: .status)
    epochs = try container.decodeIfPresent(Int.self, forKey: .epochs)
    steps = try container.decodeIfPresent(Int.self, forKey: .steps)
    model = try container.decodeIfPresent(String.self, forKey: .model)
    parameters = try container.decodeIfPresent(Int.self, forKey: .parameters)
    if let list = try container.decodeIfPresent([RunStretch].self, forKey: .stretches) {
      guard !list.isEmpty else {
        throw DecodingError.dataCorruptedError(
          forKey: .stretches, in: container, debugDescription: "a run without a stretch")
      }
      stretches = list
      return
    }
    stretches = [
      RunStretch(
        stage: .fit, status: status, start: try container.decode(String.self, forKey: .start),
        end: try container.decodeIfPresent(String.self, forKey: .end),
        command: try container.decode([String].self, forKey: .command), options: [:],
        seed: try container.decode(UInt64.self, forKey: .seed),
        steps: .init(from: 0, to: steps),
        checkpoint: try container.decodeIfPresent(String.self, forKey: .resumedFrom)
          .map(RunStretch.Source.init),
        notes: [],
        versions: try container.decode([String: String].self, forKey: .versions),
        commit: try container.decodeIfPresent(String.self, forKey: .commit),
        dataHashes: try container.decode([String: String].self, forKey: .dataHashes),
        instructionSet: try container.decode(String.self, forKey: .instructionSet),
        threadCount: try container.decode(Int.self, forKey: .threadCount),
        host: try container.decode(String.self, forKey: .host),
        pid: try container.decode(Int32.self, forKey: .pid))
    ]
  }
}
