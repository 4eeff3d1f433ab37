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
  var optimizers: [EntryResult] = []
  var errors: ErrorResult?

  private var counted: [EntryResult] { entries.filter(\.isCounted) }
  var allPass: Bool {
    (counted + optimizers).allSatisfy(\.passes) && errors?.differences.isEmpty ?? true
  }

  var text: String {
    let excluded = entries.flatMap(\.excluded.values).reduce(0, +)
    var text =
      "conformance: \(counted.filter(\.passes).count) of \(counted.count) entries, "
      + "\(counted.map(\.passed).reduce(0, +)) of \(counted.map(\.cases).reduce(0, +)) cases; "
      + "\(excluded) excluded by \(exclusions.count) rules"
    if !optimizers.isEmpty {
      text +=
        "\noptimizers: \(optimizers.filter(\.passes).count) of \(optimizers.count) entries, "
        + "\(optimizers.map(\.passed).reduce(0, +)) of \(optimizers.map(\.cases).reduce(0, +)) cases"
    }
    if let errors {
      text +=
        "\nerrors: \(errors.passed) of \(errors.cases) cases; \(errors.excluded.values.reduce(0, +)) "
        + "excluded by \(errorExclusions.count) rules"
    }
    return text
  }
}

/// What became of a case.
enum Outcome {
  case passed
  case excluded(rule: Int)
  case failed(String)
}

/// Replays each case in a process of its own, which goes on with the next one behind a case that ends it.
func outcomes(of file: CaseFile, on device: Device) throws -> [Outcome] {
  var result: [Outcome] = []
  while result.count < file.count {
    let arguments = ["--backend", device.name, "--cases", file.path, String(result.count)]
    var end = "the process ended"
    for line in try runAgain(arguments).split(separator: "\n") {
      if line == "passed" {
        result.append(.passed)
      } else if line.hasPrefix("excluded "), let rule = Int(line.dropFirst(9)) {
        result.append(.excluded(rule: rule))
      } else if line.hasPrefix("failed ") {
        result.append(.failed(String(line.dropFirst(7))))
      } else {
        end = String(line.range(of: "atal error: ").map { line[$0.upperBound...] } ?? line)
      }
    }
    if result.count < file.count { result.append(.failed(end)) }
  }
  return result
}

extension EntryResult {
  /// Counts an outcome; `number` is that of the case in its file, from 1.
  mutating func add(_ outcome: Outcome, number: Int) {
    switch outcome {
    case .excluded(let rule): excluded[rule, default: 0] += 1
    case .passed:
      cases += 1
      passed += 1
    case .failed(let text):
      cases += 1
      difference = difference ?? "case \(number): \(text)"
    }
  }
}

/// The results of an entry's cases.
func replay(_ file: CaseFile, _ entry: Entry, on device: Device) throws -> EntryResult {
  var result = EntryResult(entry: entry)
  for (index, outcome) in try outcomes(of: file, on: device).enumerated() {
    result.add(outcome, number: index + 1)
  }
  return result
}

/// Replays the cases from `first` on `device` twice: unchanged, and with all inputs laid out differently in memory.
///
/// Prints one line with the result of each case.
func replayCases(_ file: CaseFile, from first: Int, _ entry: Entry, on device: Device) throws {
  let operation = operation(for: entry)
  for index in first..<file.count {
    let example = try Case(file.json(index))
    if let rule = exclusions.firstIndex(where: { $0.applies(entry, example) }) {
      printLine("excluded \(rule)")
      continue
    }
    do {
      guard let operation else { throw CaseError("not offered") }
      let placed = example.map { $0.to(device) }
      for changed in [placed, placed.map(restrided)] {
        if let difference = try check(changed, operation.call, entry) {
          throw CaseError(difference)
        }
      }
      printLine("passed")
    } catch {
      printLine("failed \(error)")
    }
  }
}

func standardError(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }

/// Prints a line on standard output without buffering.
func printLine(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }
