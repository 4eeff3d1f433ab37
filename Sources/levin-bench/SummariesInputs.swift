import Foundation
import LevinTensorBoard

/// The inputs of `levin-bench summaries`: closed formulas, the same as in scripts/golden/make_summaries.py.
enum SummariesInputs {
  /// The time of all events.
  static let now = 1_700_000_000.0

  /// `count` numbers in 0…1 from a linear congruential generator.
  static func uniform(_ count: Int, seed: UInt32) -> [Double] {
    var state = seed
    return (0..<count).map { _ in
      state = state &* 1_664_525 &+ 1_013_904_223
      return Double(state) / 4_294_967_296
    }
  }

  /// A slanted ramp of bytes, row by row.
  static func gray(_ height: Int, _ width: Int, shift: Int = 0) -> [UInt8] {
    (0..<height * width).map {
      UInt8(($0 % width * 3 + $0 / width * 5 + 7 * shift) % 256)
    }
  }

  /// Three ramps, one after the other: channels, height, width.
  static func rgb(_ height: Int, _ width: Int, shift: Int = 0) -> [UInt8] {
    [0, 11, 23].flatMap { gray(height, width, shift: shift + $0) }
  }

  /// The same with channels last: height, width, channels.
  static func rgbLast(_ height: Int, _ width: Int, shift: Int = 0) -> [UInt8] {
    let planes = rgb(height, width, shift: shift)
    return (0..<planes.count).map { planes[$0 % 3 * height * width + $0 / 3] }
  }

  static func rgba(_ height: Int, _ width: Int, shift: Int = 0) -> [UInt8] {
    rgb(height, width, shift: shift) + gray(height, width).map { 255 - $0 }
  }

  /// A small network's graph as PyTorch traces it.
  static let graph: GraphSummary = {
    func linear(_ name: String, _ result: String, from input: String, width: Int, suffix: String)
      -> [GraphSummary.Node]
    {
      let scope = "Net/Linear[\(name)]"
      let parameters = ["bias", "weight"].map {
        GraphSummary.Node(
          name: "\(scope)/\($0)/\($0)\(suffix)", operation: "prim::GetAttr",
          inputs: ["\(scope)/weight/\(name)"], attributes: "{ name :  \($0) }")
      }
      return parameters + [
        GraphSummary.Node(
          name: "\(scope)/\(result)", operation: "aten::linear",
          inputs: [input, parameters[1].name, parameters[0].name], outputShape: [1, width],
          attributes: "{}")
      ]
    }
    let hidden = linear("fc1", "31", from: "input/x", width: 8, suffix: ".1")
    let relu = GraphSummary.Node(
      name: "Net/input", operation: "aten::relu", inputs: [hidden[2].name], outputShape: [1, 8],
      attributes: "{}")
    let output = linear("fc2", "34", from: relu.name, width: 2, suffix: "")
    return GraphSummary(
      nodes: [
        GraphSummary.Node(name: "input/x", operation: "IO Node", outputShape: [1, 4]),
        GraphSummary.Node(
          name: "output/output.1", operation: "IO Node", inputs: [output[2].name],
          outputShape: [1, 2]),
      ] + hidden + [relu] + output)
  }()
}
