import Foundation
import LevinTensor

/// The results of the calls that PyTorch refuses.
struct ErrorResult {
  var cases = 0
  var passed = 0
  var excluded: [Int: Int] = [:]
  var differences: [String] = []
}

/// Makes each call of the file in a separate process, which must end with a message that names the operation and what
/// is wrong with the case's shapes, dtypes or numbers.
func replayErrors(_ file: CaseFile, _ catalogue: Catalogue) throws -> ErrorResult {
  var result = ErrorResult()
  var ends: [Int: String] = [:]
  var examples: [(index: Int, entry: Entry, example: Case, text: String)] = []
  for index in 0..<file.count {
    let json = try file.json(index)
    let entry = try catalogue.entry(json["entry"] as? String ?? "")
    let text = json["text"] as? String ?? ""
    guard let example = try? Case(json) else {
      result.excluded[-1, default: 0] += 1
      continue
    }
    if let rule = errorExclusions.firstIndex(where: { $0.applies(entry, example, text) }) {
      result.excluded[rule, default: 0] += 1
      continue
    }
    examples.append((index, entry, example, text))
  }
  // A process makes one call after another until one ends it.
  var next = 0
  while next < examples.count {
    let output = try runAgain(
      ["--error-cases", file.path] + examples[next...].map { String($0.index) })
    var current = -1
    for line in output.split(separator: "\n") {
      if line.hasPrefix("case "), let index = Int(line.dropFirst(5)) {
        current = index
        ends[index] = "no trap"
      } else if let range = line.range(of: "atal error: ") {
        ends[current] = String(line[range.upperBound...])
      } else if line.hasPrefix("thrown: ") {
        ends[current] = String(line)
      }
    }
    guard let last = examples.firstIndex(where: { $0.index == current }) else { break }
    next = last + 1
  }
  for (index, entry, example, text) in examples {
    result.cases += 1
    let end = ends[index] ?? "not run"
    if names(end, example, operation(for: entry)) {
      result.passed += 1
    } else {
      result.differences.append("\(entry.fullName) error \(index + 1) (\(text)): \(end)")
    }
  }
  return result
}

/// Makes the calls of `indices`, announcing each on standard error.
func makeErrorCalls(_ file: CaseFile, _ indices: [Int], _ catalogue: Catalogue) throws {
  for index in indices {
    standardError("case \(index)\n")
    let json = try file.json(index)
    do {
      let entry = try catalogue.entry(json["entry"] as? String ?? "")
      guard let operation = operation(for: entry) else { throw CaseError("not offered") }
      _ = try operation.call(Case(json))
    } catch {
      standardError("thrown: \(error)\n")
    }
  }
}

/// Whether the message of a trap names the operation and what is wrong in this case.
private func names(_ text: String, _ example: Case, _ operation: Operation?) -> Bool {
  guard let operation, let found = text.range(of: ": found "),
    let expected = text.range(of: "; expected "), found.upperBound < expected.lowerBound
  else { return false }
  let name = text[..<found.lowerBound].prefix { $0 != "(" }
  let isNamed =
    name == "subscript" ? operation.spelling.contains("[") : operation.spelling.contains(name)
  var words =
    example.tensors.flatMap { ["\($0.shape)", $0.dtype.name] } + example.numbers
    + example.tensors.filter { $0.elementCount <= 100 }.flatMap { tensor in
      tensor.dtype.isFloatingPoint
        ? tensor.to(.float64).scalars(as: Double.self).map { "\($0)" }
        : tensor.to(.int64).scalars(as: Int64.self).map { "\($0)" }
    }
  words += example.list.isEmpty ? ["no tensors"] : []
  words += (example.arguments + example.keywords.map(\.value)).compactMap {
    if case .dtype(let dtype) = $0 { dtype.name } else { nil }
  }
  let middle = text[found.upperBound..<expected.lowerBound]
  return isNamed && (words.isEmpty || words.contains { middle.contains($0) })
}

extension Case {
  /// All numbers among the arguments, as strings.
  fileprivate var numbers: [String] {
    func numbers(_ value: Value) -> [String] {
      switch value {
      case .int(let number): ["\(number)"]
      case .double(let number): ["\(number)", "\(Int64(exactly: number) ?? .max)"]
      case .list(let items), .tuple(let items):
        items.flatMap(numbers) + ["[\(items.isEmpty ? "]" : "")"]
      default: []
      }
    }
    return ([input] + arguments + keywords.map(\.value)).flatMap(numbers)
  }
}

/// Starts this program again and returns its output.
func runAgain(_ arguments: [String], environment: [String: String] = [:]) throws -> String {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: CommandLine.arguments[0])
  process.arguments = arguments
  process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }.merging(
    ["SWIFT_BACKTRACE": "enable=no"]) { $1 }
  let pipe = Pipe()
  process.standardOutput = pipe
  process.standardError = pipe
  try process.run()
  let data = pipe.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  return String(decoding: data, as: UTF8.self)
}
