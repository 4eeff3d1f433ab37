import Foundation
import LevinTensor

/// The results of an entry's cases.
struct EntryResult {
  let entry: Entry
  var cases = 0
  var passed = 0
  /// The number of cases that each rule excluded.
  var excluded: [Int: Int] = [:]
  /// How the first failed case differs.
  var difference: String?

  var passes: Bool { difference == nil && passed == cases }
  var isCounted: Bool { cases > 0 || difference != nil }
}

/// The results of all entries.
struct Results {
  var entries: [EntryResult] = []
  var errors: ErrorResult?

  private var counted: [EntryResult] { entries.filter(\.isCounted) }
  var allPass: Bool { counted.allSatisfy(\.passes) && errors?.differences.isEmpty ?? true }

  var text: String {
    let excluded = entries.flatMap(\.excluded.values).reduce(0, +)
    var text =
      "conformance: \(counted.filter(\.passes).count) of \(counted.count) entries, "
      + "\(counted.map(\.passed).reduce(0, +)) of \(counted.map(\.cases).reduce(0, +)) cases; "
      + "\(excluded) excluded by \(exclusions.count) rules"
    if let errors {
      text +=
        "\nerrors: \(errors.passed) of \(errors.cases) cases; \(errors.excluded.values.reduce(0, +)) "
        + "excluded by \(errorExclusions.count) rules"
    }
    return text
  }
}

/// Replays each case twice on `device`: unchanged, and with all inputs laid out differently in memory.
///
/// With `isVerbose` each case is first named on standard error, in case it ends the process.
func replay(_ file: CaseFile, _ entry: Entry, on device: Device, isVerbose: Bool) throws
  -> EntryResult
{
  let operation = operation(for: entry)
  var result = EntryResult(entry: entry)
  for index in 0..<file.count {
    let example = try Case(file.json(index))
    if let rule = exclusions.firstIndex(where: { $0.applies(entry, example) }) {
      result.excluded[rule, default: 0] += 1
      continue
    }
    result.cases += 1
    if isVerbose { standardError("\(entry.fullName) case \(index + 1)\n") }
    do {
      guard let operation else { throw CaseError("not offered") }
      let placed = example.map { $0.to(device) }
      for changed in [placed, placed.map(restrided)] {
        if let difference = try check(changed, operation.call, entry) {
          throw CaseError(difference)
        }
      }
      result.passed += 1
    } catch {
      result.difference = result.difference ?? "case \(index + 1): \(error)"
    }
  }
  return result
}

func standardError(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }

/// Prints a line on standard output without buffering.
func printLine(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }
