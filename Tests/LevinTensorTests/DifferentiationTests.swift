import Foundation
import LevinTensor
import Testing

/// Every differentiable operation, and its gradient, against finite differences.
@Suite struct DifferentiationTests {
  @Test(arguments: DifferentiableOperation.all.indices)
  func gradientsAreSlopes(index: Int) {
    let operation = DifferentiableOperation.all[index]
    let wrong = gradientCheck(operation.numbers) { operation.function($0) }
    #expect(wrong == nil, "\(operation.name)")
  }

  @Test(arguments: DifferentiableOperation.all.indices)
  func gradientsOfGradientsAreSlopes(index: Int) {
    let operation = DifferentiableOperation.all[index]
    guard !DifferentiableOperation.withoutSecondGradient.contains(operation.name) else { return }
    let wrong = gradientCheck(operation.numbers, second: true) { operation.function($0) }
    #expect(wrong == nil, "\(operation.name)")
  }

  /// Every new operation needs a row, or an entry that says that it has no gradient.
  @Test func theTableHasAllThatIsPublic() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Sources/LevinTensor/Operations").standardized
    let files = try FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: nil)
    var declared: Set<String> = []
    for file in files where file.pathExtension == "swift" {
      declared.formUnion(Self.functions(in: try String(contentsOf: file, encoding: .utf8)))
    }
    #expect(declared.count > 100)
    let known = Set(DifferentiableOperation.all.map(\.name))
    let missing = declared.subtracting(known)
      .subtracting(DifferentiableOperation.withoutGradient)
    #expect(missing.sorted() == [], "rows are missing in DifferentiableOperations")
    #expect(known.subtracting(declared).sorted() == [], "rows of operations that are not there")
  }

  /// The names of the public functions in a Swift file that return tensors, or change one.
  private static func functions(in source: String) -> Set<String> {
    var names: Set<String> = []
    for part in source.components(separatedBy: "\n  public ").dropFirst()
      + source.components(separatedBy: "\n  @inlinable public ").dropFirst()
    {
      guard let keyword = part.range(of: "func "),
        part[..<keyword.lowerBound].allSatisfy({ !$0.isNewline && $0 != "{" && $0 != "=" })
      else { continue }
      let rest = part[keyword.upperBound...]
      let isOperator = !(rest.first!.isLetter || rest.first == "`")
      let name = rest.prefix { isOperator ? $0 != " " : $0 != "(" && $0 != "<" }
      guard let start = rest.firstIndex(of: "(") else { continue }
      // Parameters are separated by commas outside all brackets.
      var (depth, labels, parameter, index) = (0, [Substring](), rest.index(after: start), start)
      repeat {
        let character = rest[index]
        if "([<".contains(character) { depth += 1 }
        if ")]".contains(character) || character == ">" && rest[rest.index(before: index)] != "-" {
          depth -= 1
        }
        if depth == 1 && character == "," || depth == 0 {
          let text = rest[parameter..<index].drop { $0.isWhitespace }
          if !text.isEmpty { labels.append(text.prefix { $0 != " " && $0 != ":" }) }
          parameter = rest.index(after: index)
        }
        index = rest.index(after: index)
      } while depth > 0
      let result = rest[index...].prefix { $0 != "{" }
      guard result.contains("Tensor") || rest[start..<index].contains("inout Tensor") else {
        continue
      }
      let list = "(" + labels.map { $0 + ":" }.joined() + ")"
      names.insert(isOperator ? String(name) : name.filter { $0 != "`" } + list)
    }
    return names
  }

  /// Kernels that exist only for float32: their gradients, and second derivatives, equal those of float64.
  @Test func fusedKernelsHaveTheSameGradients() {
    let wide = DifferentiableOperation("", [[4, 5], [3, 5], [3]]) { $0[0] }.numbers
    let targets = Tensor([2, 0, -100, 1] as [Int64])
    let losses: [([Tensor]) -> Tensor] = [
      { ($0[0] - 1).linear(weight: $0[1], bias: $0[2] - 1, relu: true).crossEntropy(targets) },
      { ($0[0] - 1).linear(weight: $0[1]).tanh().sigmoid().crossEntropy(targets) },
    ]
    for loss in losses {
      func both(_ inputs: [Tensor]) -> [[Double]] {
        let leaves = inputs.map { $0.requiringGradient() }
        let plain = gradients(of: [loss(leaves)], withRespectTo: leaves)
        let first = gradients(of: [loss(leaves)], withRespectTo: leaves, createGraph: true)
        let sum = first.compactMap { $0?.squared().sum() }.reduce(Tensor(Float(0))) { $0 + $1 }
        let second = gradients(of: [sum], withRespectTo: leaves)
        return (plain + first + second).map {
          ($0 ?? Tensor([0.0])).detached().to(.float64).scalars(as: Double.self)
        }
      }
      let (double, single) = (both(wide), both(wide.map { $0.to(.float32) }))
      for (expected, found) in zip(double, single) {
        #expect(expected.count == found.count)
        for (x, y) in zip(expected, found) { #expect(abs(x - y) < 2e-5, "\(x) \(y)") }
      }
    }
  }

  @Test func aFunctionOfFloat32IsRefused() async throws {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = gradientCheck([Tensor([1.0])]) { [$0[0].to(.float32)] }
    }
    #expect(
      String(decoding: try #require(result).standardErrorContent, as: UTF8.self).contains(
        "gradientCheck(_:), output 0: found a tensor of dtype float32; expected float64"))
  }
}
