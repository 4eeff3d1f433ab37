import Foundation
import LevinTensor

/// Makes all calls of the files with one and with three threads, on each instruction set, and prints where bits
/// differ.
func compareBits(_ paths: [String]) throws -> Bool {
  var agree = true
  for isa in ["plain", "avx2", "avx512"] {
    var outputs: [[Substring]] = []
    for threads in ["1", "3"] {
      let output = try runAgain(
        ["--hashes"] + paths, environment: ["LEVIN_ISA": isa, "LEVIN_THREADS": threads])
      outputs.append(output.split(separator: "\n"))
    }
    let differing = zip(outputs[0], outputs[1]).filter { $0 != $1 }.map(\.0)
    let isComplete = outputs.allSatisfy { $0.last == "end" }
    printLine(
      "bits on \(isa): \(outputs[0].count - 1) calls, \(differing.count) differ\(isComplete ? "" : "; not all were made")"
    )
    for line in differing { printLine("  \(line)") }
    agree = agree && differing.isEmpty && isComplete
    if !isComplete { outputs.forEach { printLine("  \($0.last ?? "")") } }
  }
  return agree
}

/// Prints a hash of each call's results and gradients, one per line.
func printHashes(_ paths: [String]) throws {
  for path in paths {
    let file = try CaseFile(path)
    let catalogue = try Catalogue(
      folder: URL(fileURLWithPath: path).deletingLastPathComponent().path)
    let entry = try catalogue.entry(file.name)
    guard let operation = operation(for: entry) else { continue }
    for index in 0..<file.count {
      let json = try file.json(index)
      let example = try Case(json)
      guard !exclusions.contains(where: { $0.applies(entry, example) }) else { continue }
      var hash: UInt64 = 0xcbf2_9ce4_8422_2325
      var leaves: [Tensor] = []
      let differentiates = json["differentiates"] as? Bool ?? false
      let prepared = example.map { tensor in
        guard differentiates, tensor.dtype.isFloatingPoint else { return tensor }
        leaves.append(tensor.requiringGradient())
        return leaves[leaves.count - 1]
      }
      seedEverything(42)
      let results = try operation.call(prepared)
      for result in results { result.detached().mix(into: &hash) }
      let recorded = results.filter(\.requiresGradient)
      if !recorded.isEmpty {
        let cotangents = recorded.map { result in
          (Tensor.arange(result.elementCount).remainder(dividingBy: Tensor(7)) - 3).to(result.dtype)
            .reshaped(to: result.shape)
        }
        for gradient in gradients(of: recorded, withRespectTo: leaves, gradients: cotangents) {
          gradient?.mix(into: &hash)
        }
      }
      printLine("\(entry.fullName) \(index + 1) \(example.dtype.name) \(String(hash, radix: 16))")
    }
  }
  printLine("end")
}

extension Tensor {
  /// FNV-1a over the bytes.
  fileprivate func mix(into hash: inout UInt64) {
    withUnsafeBytes { bytes in
      for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    }
  }
}
