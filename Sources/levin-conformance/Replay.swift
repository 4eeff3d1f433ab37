import Foundation
import LevinFormats
import LevinSystem
import LevinTensor

/// What came of an entry's cases.
struct EntryResult {
  var cases = 0
  var passed = 0
  var excluded = 0
  /// The first case that failed, and how.
  var difference: String?
}

/// What came of all entries.
struct Sums {
  var entries = 0
  var entriesPassed = 0
  var cases = 0
  var passed = 0
  var excluded = 0

  mutating func add(_ result: EntryResult) {
    cases += result.cases
    passed += result.passed
    excluded += result.excluded
    guard result.cases > 0 else { return }
    entries += 1
    if result.passed == result.cases { entriesPassed += 1 }
  }

  var allPassed: Bool { entries == entriesPassed && cases == passed }

  var text: String {
    "conformance: \(entriesPassed) of \(entries) entries, \(passed) of \(cases) cases; "
      + "\(excluded) excluded by \(exclusions.count) rules"
  }
}

/// Replays each case twice on `device`: as it is, and with all inputs laid out otherwise in memory.
///
/// With `isVerbose` each case is named on standard error first, for a mistake that ends the process.
func replay(
  _ path: String, entry: String, table: [String: Call], device: Device, isVerbose: Bool
) throws -> EntryResult {
  let text = String(
    decoding: try Gzip.inflate(FileBytes.read(path), path: path, limit: 1 << 28), as: UTF8.self)
  let base = entry.split(separator: ".").first.map(String.init) ?? entry
  let call = table[entry] ?? (entry.hasPrefix("linalg.") ? nil : table[base])
  var result = EntryResult()
  for (number, line) in text.split(separator: "\n").enumerated() {
    guard let json = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
    else { throw CaseError("line \(number + 1) is no object") }
    let example = try Case(json)
    if exclusions.contains(where: { $0.applies(entry, example) }) {
      result.excluded += 1
      continue
    }
    result.cases += 1
    if isVerbose { FileHandle.standardError.write(Data("\(entry) case \(number + 1)\n".utf8)) }
    do {
      guard let call else { throw CaseError("not offered") }
      let placed = example.map { $0.to(device) }
      for changed in [placed, placed.map(restrided)] {
        if let difference = try check(changed, call, entry) { throw CaseError(difference) }
      }
      result.passed += 1
    } catch {
      result.difference = result.difference ?? "case \(number + 1): \(error)"
    }
  }
  return result
}
