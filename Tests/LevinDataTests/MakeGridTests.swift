import LevinData
import LevinTensor
import Testing

@Suite struct MakeGridTests {
  struct Case: Decodable, CustomTestStringConvertible {
    struct Options: Decodable {
      var nrow: Int?
      var padding: Int?
      var normalize: Bool?
      var value_range: [Float]?
      var scale_each: Bool?
      var pad_value: Float?
    }
    var shape: [Int]
    var dtype: String
    var options: Options
    var grid_shape: [Int]
    var grid: [Double]
    var testDescription: String { "\(shape) \(dtype) \(options)" }
  }

  @Test func everyGridIsTorchvisions() throws {
    let cases = try Golden.load("grids.json", as: [Case].self)
    #expect(cases.count == 13)
    for example in cases {
      let ramp = (0..<example.shape.reduce(1, *)).map { $0 * 37 % 101 }
      let shape = Shape(example.shape)
      let images =
        example.dtype == "uint8"
        ? Tensor(ramp.map { UInt8($0) }, shape: shape)
        : Tensor(ramp.map { Float($0) / 50 - 1 }, shape: shape)
      let options = example.options
      let grid = makeGrid(
        images, imagesPerRow: options.nrow ?? 8, padding: options.padding ?? 2,
        normalize: options.normalize ?? false,
        valueRange: options.value_range.map { $0[0]...$0[1] },
        scaleEach: options.scale_each ?? false, padValue: options.pad_value ?? 0)
      #expect(Array(grid.shape) == example.grid_shape, "\(example.testDescription)")
      #expect(grid.dtype == images.dtype)
      let values =
        grid.dtype == .uint8
        ? grid.scalars(as: UInt8.self).map { Double($0) }
        : grid.scalars(as: Float.self).map { Double($0) }
      #expect(values.count == example.grid.count)
      // The golden numbers are rounded to nine places, less than half a step of a float.
      #expect(
        zip(values, example.grid).allSatisfy { abs($0 - $1) < 1e-9 }, "\(example.testDescription)")
    }
  }
}
