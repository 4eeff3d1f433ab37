import LevinTensor
import Testing

@Suite struct TensorTests {
  struct TextCase: Decodable, Sendable, CustomTestStringConvertible {
    /// Numbers, booleans, and the names of what JSON has no number for.
    enum Value: Decodable, Sendable {
      case number(Double)

      init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let flag = try? container.decode(Bool.self) {
          self = .number(flag ? 1 : 0)
        } else if let word = try? container.decode(String.self) {
          self = .number(Double(word) ?? .nan)
        } else {
          self = .number(try container.decode(Double.self))
        }
      }

      var double: Double {
        switch self {
        case .number(let value): value
        }
      }
    }
    let dtype: String
    let shape: [Int]
    let values: [Value]
    let text: String

    var testDescription: String { "\(dtype) \(shape)" }
  }

  @Test(arguments: try EngineGolden.load("texts", as: [TextCase].self))
  func textEqualsPyTorchs(_ golden: TextCase) throws {
    let dtype = try #require(DType.allCases.first { $0.name == golden.dtype })
    let tensor = Tensor(golden.values.map(\.double), shape: Shape(golden.shape)).to(dtype)
    #expect("\(tensor)" == golden.text)
  }

  @Test func argmaxTakesTheFirstOfEquals() {
    let x = Tensor([1, 3, 3, 0, 5, 5] as [Float], shape: [2, 3])
    #expect(x.argmax(dimension: 1).scalars(as: Int64.self) == [1, 1])
    #expect(x.argmax(dimension: 0).scalars(as: Int64.self) == [0, 1, 1])
    #expect(x.argmax(dimension: -1).scalars(as: Int64.self) == [1, 1])
  }

  @Test func conversions() {
    let x = Tensor([-1.7, 0, 2.9] as [Float])
    #expect(x.to(.int64).scalars(as: Int64.self) == [-1, 0, 2])
    #expect(x.to(.bool).scalars(as: Bool.self) == [true, false, true])
    #expect(Tensor([0, 200] as [UInt8]).to(.float32).scalars(as: Float.self) == [0, 200])
    #expect(Tensor(Int64(7)).item() == 7)
  }

  @Test func rowsShareNothingThatCanChange() {
    let x = Tensor([1, 2, 3, 4] as [Float], shape: [2, 2])
    #expect(x[1..<2].scalars(as: Float.self) == [3, 4])
    #expect(x[0].scalars(as: Float.self) == [1, 2])
    #expect(x[0].shape == [2])
    #expect(x.reshaped(to: [-1]).shape == [4])
  }
}
