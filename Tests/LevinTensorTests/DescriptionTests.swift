import LevinTensor
import Testing

/// The text of a tensor, against PyTorch's `str(tensor)` (scripts/golden/make_descriptions.py).
@Suite struct DescriptionTests {
  struct Golden: Decodable, Sendable, CustomTestStringConvertible {
    let values: [Element]?
    let ramp: [Double]?
    let shape: [Int]
    let dtype: String
    let steps: [String]
    let text: String

    var testDescription: String { "\(shape) \(dtype) \(steps) \(text.prefix(40))" }

    var tensor: Tensor {
      get throws {
        let dtype = try #require(DType.allCases.first { $0.name == self.dtype })
        var x: Tensor
        if let ramp {
          x = Tensor(
            (0..<Int(ramp[0])).map { (Double($0 % Int(ramp[3])) - ramp[2]) / ramp[1] })
        } else {
          let values = try #require(values)
          x =
            dtype.isFloatingPoint
            ? Tensor(values.map(\.double)) : Tensor(values.map(\.integer))
        }
        x = x.to(dtype).reshaped(to: Shape(shape))
        for step in steps {
          switch step {
          case "transposed": x = x.transposed(0, -1)
          case "every other": x = x[.ellipsis, .stride(by: 2)]
          case "flipped": x = x.flipped(0)
          case "expanded": x = x.expanded(to: Shape([2] + Array(x.shape)))
          case "first": x = x[0]
          default: Issue.record("no such step: \(step)")
          }
        }
        return x
      }
    }
  }

  /// A number, whole or not, or the name of one that JSON cannot express.
  struct Element: Decodable, Sendable {
    let double: Double
    let integer: Int64

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let flag = try? container.decode(Bool.self) {
        (double, integer) = (flag ? 1 : 0, flag ? 1 : 0)
      } else if let number = try? container.decode(Double.self) {
        // A zero's sign is the double's.
        (double, integer) = (number, (try? container.decode(Int64.self)) ?? 0)
      } else {
        let name = try container.decode(String.self)
        (double, integer) = (name == "inf" ? .infinity : name == "-inf" ? -.infinity : .nan, 0)
      }
    }
  }

  @Test(arguments: try EngineGolden.load("descriptions", as: [Golden].self))
  func equalsPyTorch(_ golden: Golden) throws {
    #expect(try golden.tensor.description == golden.text)
  }
}
