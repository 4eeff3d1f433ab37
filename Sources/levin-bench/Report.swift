import CLevinRuntime
import Foundation

/// A measurement, printed as a line of JSON, or as a line of text in a terminal.
struct Report {
  enum Unit: String, Encodable {
    case seconds = "s"
    case nanoseconds = "ns"
    case gigaflops = "GFLOP/s"
    case perSecond = "1/s"
    case bytes = "B"
  }

  /// The content of the line of JSON.
  private struct Line: Encodable {
    var benchmark: String
    var unit: Unit
    var median: Double
    var samples: [Double]
    var details: [String: Double]
    var notes: [String: String]
  }

  private var line: Line

  /// - Parameters:
  ///   - samples: At least one measurement, all of the same thing, in `unit`.
  ///   - details: Further figures, whose names include the unit.
  init(
    _ benchmark: String, unit: Unit, samples: [Double], details: [String: Double] = [:],
    notes: [String: String] = [:]
  ) {
    var details = details
    details["threads"] = details["threads"] ?? Double(levin_thread_count())
    var notes = notes
    notes["isa"] = String(cString: levin_isa_name(levin_isa()))
    line = Line(
      benchmark: benchmark, unit: unit, median: samples.median, samples: samples, details: details,
      notes: notes)
  }

  func print() throws {
    guard isatty(STDOUT_FILENO) == 1 else {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      encoder.nonConformingFloatEncodingStrategy = .convertToString(
        positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
      return Swift.print(String(decoding: try encoder.encode(line), as: UTF8.self))
    }
    let few = line.samples.count == 1 ? "" : ", the median of \(line.samples.count)"
    Swift.print("\(line.benchmark): \(Self.text(line.median)) \(line.unit.rawValue)\(few)")
    for (name, value) in line.details.sorted(by: { $0.key < $1.key }) {
      Swift.print("  \(name) \(Self.text(value))")
    }
    for (name, value) in line.notes.sorted(by: { $0.key < $1.key }) {
      Swift.print("  \(name) \(value)")
    }
  }

  /// A number with four significant digits.
  private static func text(_ value: Double) -> String {
    value.magnitude >= 1000 ? String(format: "%.0f", value) : String(format: "%.4g", value)
  }
}
