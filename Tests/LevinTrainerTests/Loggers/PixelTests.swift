import Levin
import Testing

extension TrainerTests {
  /// The one way from tensors to pixels, held to a loop over coordinates.
  @Suite struct PixelTests {
    /// The value at n, c, y, x; some are beyond 0…1, some are not numbers.
    private static func value(_ n: Int, _ c: Int, _ y: Int, _ x: Int) -> Float {
      let place = ((n * 5 + c) * 7 + y) * 11 + x
      return place % 13 == 12 ? .nan : Float(place % 29) / 20 - 0.2
    }

    private static func tensor(_ layout: TensorLayout, channels: Int) -> Tensor {
      let sizes: [Character: Int] = ["n": 3, "c": channels, "h": 4, "w": 5]
      let letters = Array(layout.rawValue)
      let shape = letters.map { sizes[$0] ?? 1 }
      var values: [Float] = []
      for flat in 0..<shape.reduce(1, *) {
        var (rest, at): (Int, [Character: Int]) = (flat, [:])
        for (letter, size) in zip(letters, shape).reversed() {
          at[letter] = rest % size
          rest /= size
        }
        values.append(value(at["n"] ?? 0, at["c"] ?? 0, at["h"] ?? 0, at["w"] ?? 0))
      }
      return Tensor(values, shape: Shape(shape))
    }

    @Test(arguments: TensorLayout.allCases, [1, 3, 4])
    func everyLayout(layout: TensorLayout, channels: Int) {
      let channels = layout == .hw ? 1 : channels
      let pictures = PixelImage.images(Self.tensor(layout, channels: channels), layout: layout)
      #expect(pictures.count == (layout.rawValue.contains("n") ? 3 : 1))
      for (n, picture) in pictures.enumerated() {
        #expect([picture.width, picture.height, picture.channels] == [5, 4, channels])
        for y in 0..<4 {
          for x in 0..<5 {
            for c in 0..<channels {
              let value = Self.value(n, c, y, x) * 255
              let expected: UInt8 = value.isNaN ? 0 : UInt8(max(0, min(255, value)))
              #expect(picture.pixels[(y * 5 + x) * channels + c] == expected)
            }
          }
        }
      }
    }

    @Test func integersStayAndOtherTypesAreScaled() {
      let bytes: [UInt8] = [0, 7, 200, 255]
      let picture = PixelImage(Tensor(bytes, shape: [2, 2]))
      #expect(picture.pixels == bytes)
      let mask = PixelImage(Tensor([false, true], shape: [1, 2]))
      #expect(mask.pixels == [0, 255])
      let double = PixelImage(Tensor([0.5, 1.5] as [Double], shape: [1, 1, 2]))
      #expect(double.pixels == [127, 255])
      let turned = Tensor(bytes, shape: [2, 2]).transposed()
      #expect(PixelImage(turned).pixels == [0, 200, 7, 255])
    }

    @Test func equalChannelsBecomeGrayInAllPicturesOrNone() {
      let gray = Tensor([1, 1, 1] as [UInt8], shape: [1, 3, 1, 1])
      let red = Tensor([9, 1, 1] as [UInt8], shape: [1, 3, 1, 1])
      #expect(PixelImage.images(gray).map(\.channels) == [1])
      let both = PixelImage.images(Tensor.concatenated([gray, red]))
      #expect(both.map(\.channels) == [3, 3])
    }

    @Test func aPlotOfAMetricBecomesAFigure() {
      let matrix = ConfusionMatrix(.multiclass(3))
      matrix.update(Tensor([0, 1, 1] as [Int64]), Tensor([0, 1, 2] as [Int64]))
      guard case .heatmap(let cells, let rows, _) = Figure(matrix.plots()[0]).content else {
        Issue.record("no cells")
        return
      }
      #expect(cells == [[1, 0, 0], [0, 1, 0], [0, 1, 0]])
      #expect(rows == ["0", "1", "2"])
      let roc = ROC(.binary)
      roc.update(Tensor([0.1, 0.4, 0.35, 0.8] as [Float]), Tensor([0, 0, 1, 1] as [Int64]))
      guard case .lines(let lines) = Figure(roc.plots()[0]).content else {
        Issue.record("no lines")
        return
      }
      // scikit-learn's example: false and true positive rates.
      #expect(lines[0].x == [0, 0, 0.5, 0.5, 1])
      #expect(lines[0].y == [0, 0.5, 0.5, 1, 1])
    }
  }
}
